import { cloudEvent } from '@google-cloud/functions-framework';
import { serve, TOPICS_OF } from '../../shared/serve.ts';
import { wireOperate } from '../../shared/wiring.ts';
import { makeOperate } from './handler.ts';

const ports = await wireOperate();
cloudEvent('operate', serve(makeOperate(ports), { ...ports, topics: TOPICS_OF.operate }));
