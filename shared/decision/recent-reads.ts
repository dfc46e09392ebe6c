import type { KubeObject } from '../kubernetes/object.ts';
import type { Instance } from '../model/compute.ts';
import { CLOCK_TOLERANCE_MS, msOf, type Time } from '../model/time.ts';
import type { ClusterReader, DecidePorts } from '../ports.ts';
import { makeRecent } from '../recent.ts';
import type { ResolvePorts } from './resolve-host.ts';

const KEPT_MS = 10_000;
/** Answers kept at most. A pod may take some 30 KB of memory, and a function has 256 MiB. */
const MOST = 500;

/** Whether an answer may be kept: a pod gets its node after its creation, and a missing object may still appear. */
const isWhole = (object: KubeObject | undefined): boolean =>
  object !== undefined && (object.kind !== 'Pod' || typeof object.spec?.nodeName === 'string');

/**
 * The reads that resolve the target of an event. An answer that was read after the event is as good as a new read, so
 * it is reused for ten seconds. While alerts arrive as they happen, each reads everything anew; a storm of older alerts
 * reads each object once.
 */
export const makeRecentReads = (ports: DecidePorts): ((event: Time) => ResolvePorts) => {
  const options = { now: ports.clock.now, keptMs: KEPT_MS, most: MOST };
  const objects = makeRecent<KubeObject | undefined>({ ...options, isWhole });
  const instances = makeRecent<Instance | undefined>({ ...options, isWhole: (one) => one !== undefined });
  return (event) => {
    const since = msOf(event) + CLOCK_TOLERANCE_MS;
    const reader: ResolvePorts['clusters']['reader'] = (cluster) => {
      const fresh = ports.clusters.reader(cluster);
      const get: ClusterReader['get'] = (ref) =>
        objects(JSON.stringify([cluster.project, cluster.location, cluster.cluster, ref]), since, () => fresh.get(ref));
      return { ...fresh, get };
    };
    return {
      clock: ports.clock,
      stores: ports.stores,
      clusters: { served: () => ports.clusters.served(), describe: (ref) => ports.clusters.describe(ref), reader },
      compute: { instance: (ref) => instances(JSON.stringify(ref), since, () => ports.compute.instance(ref)) },
    };
  };
};
