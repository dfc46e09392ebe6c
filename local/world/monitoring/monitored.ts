import { controllerOf } from '../../../shared/detection/cpu-purpose.ts';
import { at, records, text } from '../../../shared/kubernetes/loose.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import type { ClusterRef } from '../../../shared/model/target.ts';
import type { Use } from './use.ts';

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

/** A CPU quantity, for example `500m` or `2`, in processors. */
const processors = (quantity: unknown): number | undefined => {
  const read = text(quantity) ?? (typeof quantity === 'number' ? String(quantity) : undefined);
  if (read === undefined || !/^\d+(\.\d+)?m?$/.test(read)) return undefined;
  return read.endsWith('m') ? Number(read.slice(0, -1)) / 1000 : Number(read);
};

/** The containers of a pod that is on a node. `useOf`: the CPU use of a container, by its name. */
export const containersOf = (
  ref: ClusterRef,
  pod: KubeObject,
  { since, useOf }: { since: number; useOf(container: string): Use },
): Monitored[] => {
  const { name, namespace = 'default' } = pod.metadata;
  const node = text(pod.spec?.nodeName);
  if (node === undefined) return [];
  const controller = controllerOf(pod);
  return records(pod.spec?.containers).map((spec): Monitored => {
    const container = text(spec.name) ?? '';
    const use = useOf(container);
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
      since,
      values: {
        'kubernetes.io/container/cpu/core_usage_time': limit === undefined ? use : (t) => Math.min(limit, use(t)),
        ...(limit === undefined
          ? {}
          : { 'kubernetes.io/container/cpu/limit_utilization': (t: number) => Math.min(1, use(t) / limit) }),
      },
    };
  });
};

/** A node and its VM. `containers`: those of the cluster. `beside`: the CPU use on the node besides its pods. */
export const hostOf = (
  { project, location, cluster: cluster_name }: ClusterRef,
  node: KubeObject,
  { since, containers, beside }: { since: number; containers: readonly Monitored[]; beside: Use | undefined },
): Monitored[] => {
  const { name } = node.metadata;
  const allocatable = processors(at(node.status, 'allocatable', 'cpu')) ?? 1;
  const whole = processors(at(node.status, 'capacity', 'cpu')) ?? allocatable;
  const mine = containers.filter(({ system }) => system.node_name === name);
  const used: Use = (t) =>
    mine.reduce((sum, one) => {
      const use = one.values['kubernetes.io/container/cpu/core_usage_time'];
      return sum + (t < one.since || use === undefined ? 0 : use(t));
    }, beside?.(t) ?? 0);
  const instance = node.metadata.annotations?.['container.googleapis.com/instance_id'];
  const zone = node.metadata.labels?.['topology.kubernetes.io/zone'] ?? '';
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
