import type { ComputeReader } from '../../shared/model/compute.ts';
import type { Bus, Clusters, Evidence, Stores } from '../../shared/ports.ts';
import type { MemoryStores } from '../../shared/store/memory.ts';

/** The ports of a function that call a client library. */
type Reached = {
  bus?: Bus;
  stores?: Stores;
  memory?: Pick<MemoryStores, 'marks'>;
  threads?: MemoryStores['threads'];
  compute?: ComputeReader;
  clusters?: Clusters;
  evidence?: Evidence;
};

/** One harmless call to each client that a function holds. It runs all code that a client's first call runs. */
export const callsOf = (ports: Reached): Array<Promise<unknown> | undefined> => {
  const [cluster] = ports.clusters?.served() ?? [];
  const pod = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'nobody' };
  return [
    ports.stores?.incidents.get('i-0123456789ab-1'),
    ports.memory?.marks.get('nobody'),
    ports.threads?.get('nobody'),
    ports.bus?.publish('notices', {}),
    ports.compute?.instance({ project: 'nobody', zone: 'europe-west1-b', name: 'nobody' }),
    cluster === undefined ? undefined : ports.clusters?.reader(cluster).get(pod),
    ports.evidence?.list('incidents/i-0123456789ab-1/'),
  ];
};

/** Calls each client. Every bundle exports this for `runtime/compile.mjs`; the answers do not matter. */
export const callEach = async (ports: Reached): Promise<void> => {
  await Promise.allSettled(callsOf(ports));
};
