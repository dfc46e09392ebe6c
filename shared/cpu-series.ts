import { Conflict, Denied, Malformed, sentenceOf, Transient } from './errors.ts';
import type { Sample, Series, SeriesQuery } from './model/series.ts';
import type { ClusterRef } from './model/target.ts';
import type { MetricsReader } from './ports.ts';
import { plain } from './text.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The hour of which the shape is judged, and the quarter of an hour before it. */
const WINDOW_MS = 75 * MINUTE_MS;
const DAYS_MS = 8 * 24 * HOUR_MS;

const METRICS = {
  limit: 'kubernetes.io/container/cpu/limit_utilization',
  used: 'kubernetes.io/container/cpu/core_usage_time',
  node: 'kubernetes.io/node/cpu/allocatable_utilization',
  allocatable: 'kubernetes.io/node/cpu/allocatable_cores',
  vm: 'compute.googleapis.com/instance/cpu/utilization',
  accelerator: 'kubernetes.io/container/accelerator/duty_cycle',
} as const;

/** Selects pods by the platform's labels: one by its name, or all of a controller or a node. */
export type Pods = { namespace?: string; pod?: string; controller?: string; node?: string };

/** Measures of a container's use: of its limit, in processors, and of an accelerator in percent. */
export type UseKind = 'limit' | 'used' | 'accelerator';

/** Reads the series of CPU use in Cloud Monitoring; `until` in ms since the epoch. */
export type CpuSeries = {
  /** The use of containers, one sample a minute. Containers without a limit have no series of kind `limit`. */
  ofPods(cluster: ClusterRef, of: Pods, until: number, kind: UseKind): Promise<Series[]>;
  /** The same as hourly means, of the last eight days. */
  hourly(cluster: ClusterRef, of: Pods, until: number, kind: UseKind): Promise<Series[]>;
  /** The use of a node, as a fraction of what it can allocate to pods, and how many processors it can allocate. */
  ofNode(cluster: ClusterRef, node: string, until: number): Promise<{ used: readonly Sample[]; capacity?: number }>;
  ofVm(project: string, instance: string, until: number): Promise<readonly Sample[]>;
};

/** Queries Cloud Monitoring for the series. All names must have passed the platform's grammar. */
export const cpuSeriesOf = (metrics: MetricsReader): CpuSeries => {
  const places = ({ location, cluster }: ClusterRef) => ({ location, cluster_name: cluster });
  const minutes = (until: number) => ({ from: until - WINDOW_MS, until, stepMs: MINUTE_MS });
  const pods = ({ project, ...ref }: ClusterRef, { namespace, pod, controller, node }: Pods) => ({
    project,
    resource: 'k8s_container',
    labels: {
      ...places({ project, ...ref }),
      ...(namespace === undefined ? {} : { namespace_name: namespace }),
      ...(pod === undefined ? {} : { pod_name: pod }),
    },
    system: {
      ...(controller === undefined ? {} : { top_level_controller_name: controller }),
      ...(node === undefined ? {} : { node_name: node }),
    },
  });
  const kinds = {
    limit: { metric: METRICS.limit, as: 'mean' },
    used: { metric: METRICS.used, as: 'rate' },
    accelerator: { metric: METRICS.accelerator, as: 'mean' },
  } as const satisfies Record<UseKind, Pick<SeriesQuery, 'metric' | 'as'>>;
  const first = async (query: SeriesQuery): Promise<readonly Sample[]> =>
    (await metrics.series(query))[0]?.samples ?? [];
  return {
    ofPods: (cluster, of, until, kind) => metrics.series({ ...pods(cluster, of), ...kinds[kind], ...minutes(until) }),
    hourly: (cluster, of, until, kind) =>
      metrics.series({ ...pods(cluster, of), ...kinds[kind], from: until - DAYS_MS, until, stepMs: HOUR_MS }),
    ofNode: async (cluster, node, until) => {
      const at = {
        project: cluster.project,
        resource: 'k8s_node',
        labels: { ...places(cluster), node_name: node },
        as: 'mean',
        ...minutes(until),
      } as const;
      const [used, allocatable] = await Promise.all([
        first({ ...at, metric: METRICS.node }),
        first({ ...at, metric: METRICS.allocatable }),
      ]);
      const capacity = allocatable.at(-1)?.value;
      return { used, ...(capacity === undefined ? {} : { capacity }) };
    },
    ofVm: (project, instance, until) =>
      first({
        project,
        metric: METRICS.vm,
        resource: 'gce_instance',
        labels: { instance_id: instance },
        as: 'mean',
        ...minutes(until),
      }),
  };
};

/** The answer, or why there is none, in a sentence: an outage or missing right lowers weight, but loses no finding. */
export const answered = async <T>(what: string, ask: () => Promise<T>): Promise<{ value: T } | { unread: string }> => {
  try {
    return { value: await ask() };
  } catch (thrown) {
    if ([Denied, Malformed, Transient, Conflict].some((kind) => thrown instanceof kind))
      return { unread: `${what}: ${plain(sentenceOf(thrown), 300)}` };
    throw thrown;
  }
};
