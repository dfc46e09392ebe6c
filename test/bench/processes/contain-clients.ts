import { cloudEvent } from '@google-cloud/functions-framework';
import { serve, TOPICS_OF } from '../../../shared/serve.ts';
import { wireContain } from '../../../shared/wiring.ts';

// contain as it is wired in production, with a handler that calls each of its clients once: it answers when all are ready.

const ports = await wireContain();
const { stores, bus, compute, clusters, evidence } = ports;
const [cluster] = clusters.served();
const askAll = async (): Promise<void> => {
  if (cluster === undefined) throw new Error('no cluster is served');
  await Promise.all([
    stores.incidents.get('i-0123456789ab-1'),
    bus.publish('notices', {}),
    compute.instance({ project: 'p1', zone: 'europe-west1-b', name: 'n1' }),
    clusters.reader(cluster).get({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'cart-0' }),
    evidence.list('incidents/i-0123456789ab-1/'),
  ]);
};
cloudEvent('contain', serve(askAll, { ...ports, topics: TOPICS_OF.contain }));
