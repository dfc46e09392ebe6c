import { cloudEvent } from '@google-cloud/functions-framework';
import { serve, TOPICS_OF } from '../../shared/serve.ts';
import { wireContain } from '../../shared/wiring.ts';
import { makeContain } from './handler.ts';

const ports = await wireContain();
cloudEvent('contain', serve(makeContain(ports), { ...ports, topics: TOPICS_OF.contain }));
