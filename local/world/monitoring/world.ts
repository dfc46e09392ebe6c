import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import type { ClusterRef } from '../../../shared/model/target.ts';
import type { KubeCluster } from '../kubernetes/cluster.ts';
import { containersOf, hostOf, type Monitored } from './monitored.ts';
import { served, type Use } from './use.ts';

type Place = { namespace: string; pod: string; container: string };

/**
 * Cloud Monitoring's view of the simulated clusters, derived from their objects and from how busy each container is.
 */
export type MonitoringWorld = {
  /** Sets the CPU use of a container. */
  use(cluster: ClusterRef, of: Place, use: Use): void;
  /** Sets the CPU use on a node besides its pods. */
  useBeside(node: string, use: Use): void;
  /** Treats all present pods and nodes as a month old. */
  establish(): void;
  all(): Monitored[];
  /** Identities that may read series: that of detect-cryptomining, and `anyone`. */
  readers: Set<string>;
};

const MONTH_MS = 30 * 86_400_000;

/** Makes the simulated Cloud Monitoring over the pods and nodes of these clusters. `now`: ms since the epoch. */
export const makeMonitoringWorld = (clusters: ReadonlyMap<string, KubeCluster>, now: () => number): MonitoringWorld => {
  const uses = new Map<string, Use>();
  const beside = new Map<string, Use>();
  const established = new Set<string>();
  const keyOf = (cluster: ClusterRef, { namespace, pod, container }: Place): string =>
    [cluster.project, cluster.location, cluster.cluster, namespace, pod, container].join('/');

  const useIn =
    (ref: ClusterRef, { metadata: { name, namespace = 'default' } }: KubeObject) =>
    (container: string): Use => {
      const key = keyOf(ref, { namespace, pod: name, container });
      return uses.get(key) ?? served(key);
    };
  const sinceOf = ({ metadata }: KubeObject): number =>
    established.has(metadata.uid) ? now() - MONTH_MS : Date.parse(metadata.creationTimestamp);

  return {
    readers: new Set(['firebreak-detect-cryptomining', 'anyone']),
    use: (cluster, of, use) => void uses.set(keyOf(cluster, of), use),
    useBeside: (node, use) => void beside.set(node, use),
    establish: () => {
      for (const cluster of clusters.values())
        for (const kind of ['Pod', 'Node'])
          for (const object of cluster.list('v1', kind)) established.add(object.metadata.uid);
    },
    all: () =>
      [...clusters.values()].flatMap((cluster) => {
        const { ref } = cluster;
        const containers = cluster
          .list('v1', 'Pod')
          .flatMap((pod) => containersOf(ref, pod, { since: sinceOf(pod), useOf: useIn(ref, pod) }));
        const hosts = cluster.list('v1', 'Node').flatMap((node) => {
          const of = { since: sinceOf(node), containers, beside: beside.get(node.metadata.name) };
          return hostOf(ref, node, of);
        });
        return [...containers, ...hosts];
      }),
  };
};
