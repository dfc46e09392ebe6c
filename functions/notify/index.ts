import { cloudEvent } from '@google-cloud/functions-framework';
import { serve, TOPICS_OF } from '../../shared/serve.ts';
import { wire } from '../../shared/wiring.ts';
import { makeNotify } from './handler.ts';

const ports = await wire('notify');
cloudEvent('notify', serve(makeNotify(ports), { ...ports, topics: TOPICS_OF.notify }));
