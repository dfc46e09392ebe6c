import { cloudEvent } from '@google-cloud/functions-framework';
import { serve, TOPICS_OF } from '../../shared/serve.ts';
import { wire } from '../../shared/wiring.ts';
import { makeContain } from './handler.ts';

const ports = await wire('contain');
cloudEvent('contain', serve(makeContain(ports), { ...ports, topics: TOPICS_OF.contain }));
