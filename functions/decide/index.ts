import { cloudEvent } from '@google-cloud/functions-framework';
import { serve, TOPICS_OF } from '../../shared/serve.ts';
import { wireDecide } from '../../shared/wiring.ts';
import { makeDecide } from './handler.ts';

const ports = await wireDecide();
cloudEvent('decide', serve(makeDecide(ports), { ...ports, topics: TOPICS_OF.decide }));
