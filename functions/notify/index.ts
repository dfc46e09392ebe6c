import { cloudEvent } from '@google-cloud/functions-framework';
import { serve, TOPICS_OF } from '../../shared/serve.ts';
import { wireNotify } from '../../shared/wiring.ts';
import { makeNotify } from './handler.ts';

const ports = await wireNotify();
cloudEvent('notify', serve(makeNotify(ports), { ...ports, topics: TOPICS_OF.notify }));
