import { cloudEvent } from '@google-cloud/functions-framework';
import { serve, TOPICS_OF } from '../../shared/serve.ts';
import { wire } from '../../shared/wiring.ts';
import { makeOperate } from './handler.ts';

const ports = await wire('operate');
cloudEvent('operate', serve(makeOperate(ports), { ...ports, topics: TOPICS_OF.operate }));
