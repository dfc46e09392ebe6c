import type { ComputeReader } from '../../shared/model/compute.ts';
import type { Bus, Clusters, Evidence, Stores } from '../../shared/ports.ts';
import type { MemoryStores } from '../../shared/store/memory.ts';

/** What a function may hold that is reached by a client library. */
export type Reached = {
  bus?: Bus;
  stores?: Stores;
  memory?: Pick<MemoryStores, 'marks'>;
  threads?: MemoryStores['threads'];
  compute?: ComputeReader;
  clusters?: Clusters;
  evidence?: Evidence;
};

/**
 * Asks each client that a function holds about nothing, so that all of a client that its first call runs has run. Every
 * bundle has it for `runtime/compile.mjs`; what is answered does not matter.
 */
export const callEach = async (ports: Reached): Promise<void> => {
  const [cluster] = ports.clusters?.served() ?? [];
  const pod = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'nobody' };
  await Promise.allSettled([
    ports.stores?.incidents.get('i-0123456789ab-1'),
    ports.memory?.marks.get('nobody'),
    ports.threads?.get('nobody'),
    ports.bus?.publish('notices', {}),
    ports.compute?.instance({ project: 'nobody', zone: 'europe-west1-b', name: 'nobody' }),
    cluster === undefined ? undefined : ports.clusters?.reader(cluster).get(pod),
    ports.evidence?.list('incidents/i-0123456789ab-1/'),
  ]);
};
