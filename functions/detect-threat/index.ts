import { cloudEvent } from '@google-cloud/functions-framework';
import { serve, TOPICS_OF } from '../../shared/serve.ts';
import { wireDetectThreat } from '../../shared/wiring.ts';
import { makeDetectThreat } from './handler.ts';

const ports = await wireDetectThreat();
const topics = [...TOPICS_OF['detect-threat'], ...ports.clusterOfTopic.keys()];
cloudEvent('detect-threat', serve(makeDetectThreat(ports), { ...ports, topics }));
