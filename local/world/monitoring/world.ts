import { controllerOf } from '../../../shared/detection/cpu-purpose.ts';
import { at, records, text } from '../../../shared/kubernetes/loose.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import type { ClusterRef } from '../../../shared/model/target.ts';
import type { KubeCluster } from '../kubernetes/cluster.ts';
import { served, type Use } from './use.ts';

/** A monitored resource, with its own labels and those that the platform adds. Values by metric. */
export type Monitored = {
  resource: 'k8s_container' | 'k8s_node' | 'gce_instance';
  project: string;
  labels: Readonly<Record<string, string>>;
  system: Readonly<Record<string, string>>;
  /** Time in ms from which there are samples. */
  since: number;
  values: Readonly<Record<string, Use>>;
};

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

/** A CPU quantity, for example `500m` or `2`, in processors. */
const processors = (quantity: unknown): number | undefined => {
  const read = text(quantity) ?? (typeof quantity === 'number' ? String(quantity) : undefined);
  if (read === undefined || !/^\d+(\.\d+)?m?$/.test(read)) return undefined;
  return read.endsWith('m') ? Number(read.slice(0, -1)) / 1000 : Number(read);
};

/** Makes the simulated Cloud Monitoring over the pods and nodes of these clusters. `now`: ms since the epoch. */
export const makeMonitoringWorld = (clusters: ReadonlyMap<string, KubeCluster>, now: () => number): MonitoringWorld => {
  const uses = new Map<string, Use>();
  const beside = new Map<string, Use>();
  const established = new Set<string>();
  const keyOf = (cluster: ClusterRef, { namespace, pod, container }: Place): string =>
    [cluster.project, cluster.location, cluster.cluster, namespace, pod, container].join('/');

  const sinceOf = ({ metadata }: KubeObject): number =>
    established.has(metadata.uid) ? now() - MONTH_MS : Date.parse(metadata.creationTimestamp);

  const containersOf = (cluster: KubeCluster, pod: KubeObject): Monitored[] => {
    const { ref } = cluster;
    const { name, namespace = 'default' } = pod.metadata;
    const node = text(pod.spec?.nodeName);
    if (node === undefined) return [];
    const controller = controllerOf(pod);
    return records(pod.spec?.containers).map((spec): Monitored => {
      const container = text(spec.name) ?? '';
      const key = keyOf(ref, { namespace, pod: name, container });
      const use = uses.get(key) ?? served(key);
      const limit = processors(at(spec, 'resources', 'limits', 'cpu'));
      return {
        resource: 'k8s_container',
        project: ref.project,
        labels: {
          project_id: ref.project,
          location: ref.location,
          cluster_name: ref.cluster,
          namespace_name: namespace,
          pod_name: name,
          container_name: container,
        },
        system: {
          node_name: node,
          ...(controller === undefined
            ? {}
            : { top_level_controller_name: controller.name, top_level_controller_type: controller.kind }),
        },
        since: sinceOf(pod),
        values: {
          'kubernetes.io/container/cpu/core_usage_time': limit === undefined ? use : (t) => Math.min(limit, use(t)),
          ...(limit === undefined
            ? {}
            : { 'kubernetes.io/container/cpu/limit_utilization': (t: number) => Math.min(1, use(t) / limit) }),
        },
      };
    });
  };

  const hostOf = (cluster: KubeCluster, node: KubeObject, containers: readonly Monitored[]): Monitored[] => {
    const { project, location, cluster: cluster_name } = cluster.ref;
    const { name } = node.metadata;
    const allocatable = processors(at(node.status, 'allocatable', 'cpu')) ?? 1;
    const whole = processors(at(node.status, 'capacity', 'cpu')) ?? allocatable;
    const mine = containers.filter(({ system }) => system.node_name === name);
    const used: Use = (t) =>
      mine.reduce((sum, one) => {
        const use = one.values['kubernetes.io/container/cpu/core_usage_time'];
        return sum + (t < one.since || use === undefined ? 0 : use(t));
      }, beside.get(name)?.(t) ?? 0);
    const instance = node.metadata.annotations?.['container.googleapis.com/instance_id'];
    const zone = node.metadata.labels?.['topology.kubernetes.io/zone'] ?? '';
    const since = sinceOf(node);
    return [
      {
        resource: 'k8s_node',
        project,
        labels: { project_id: project, location, cluster_name, node_name: name },
        system: {},
        since,
        values: {
          'kubernetes.io/node/cpu/allocatable_utilization': (t) => Math.min(1, used(t) / allocatable),
          'kubernetes.io/node/cpu/allocatable_cores': () => allocatable,
        },
      },
      ...(instance === undefined
        ? []
        : [
            {
              resource: 'gce_instance' as const,
              project,
              labels: { project_id: project, instance_id: instance, zone },
              system: { name },
              since,
              values: {
                'compute.googleapis.com/instance/cpu/utilization': (t: number) => Math.min(1, used(t) / whole),
              },
            },
          ]),
    ];
  };

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
        const containers = cluster.list('v1', 'Pod').flatMap((pod) => containersOf(cluster, pod));
        return [...containers, ...cluster.list('v1', 'Node').flatMap((node) => hostOf(cluster, node, containers))];
      }),
  };
};
