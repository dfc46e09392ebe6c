import { cloudEvent } from '@google-cloud/functions-framework';
import { callsOf } from '../../../scripts/build/call-each.ts';
import { serve, TOPICS_OF } from '../../../shared/serve.ts';
import { wireContain } from '../../../shared/wiring.ts';

// contain as wired in production, with a handler that calls each of its clients once and answers when all have
// answered.

const ports = await wireContain();
if (ports.clusters.served().length === 0) throw new Error('no cluster is served');
const askAll = async (): Promise<void> => {
  await Promise.all(callsOf(ports));
};
cloudEvent('contain', serve(askAll, { ...ports, topics: TOPICS_OF.contain }));
