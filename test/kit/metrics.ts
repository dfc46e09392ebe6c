import type { Series, SeriesQuery } from '../../shared/model/series.ts';
import type { MetricsReader } from '../../shared/ports.ts';

/** The CPU use of a pod with one container, with its workload and node. `use` as a share of the limit. */
export type Used = {
  pod: string;
  controller?: string;
  node?: string;
  use(at: number): number;
  /** The limit in processors; without it, the container has none. */
  limit?: number;
  /** Time from which there are samples. */
  since?: number;
};

/** A fake Cloud Monitoring over a list of used containers in namespace `shop`; `asked` records every query. */
export const metricsOf = (
  used: readonly Used[],
  nodes: Readonly<Record<string, { use(at: number): number; processors?: number }>> = {},
): MetricsReader & { asked: SeriesQuery[] } => {
  const asked: SeriesQuery[] = [];
  const sampled = (query: SeriesQuery, value: (at: number) => number, since = 0) => {
    const samples: Array<{ at: number; value: number }> = [];
    for (let at = query.until; at > query.from; at -= query.stepMs)
      if (at >= since) samples.unshift({ at, value: value(at) });
    return samples;
  };
  const ofPods = (query: SeriesQuery): Series[] => {
    const { labels, system = {}, metric } = query;
    return used
      .filter(
        ({ pod, controller, node, limit }) =>
          (labels.pod_name ?? pod) === pod &&
          system.top_level_controller_name ===
            (system.top_level_controller_name === undefined ? undefined : controller) &&
          system.node_name === (system.node_name === undefined ? undefined : node) &&
          (limit !== undefined || !metric.endsWith('limit_utilization')),
      )
      .map(({ pod, use, limit = 1, since }) => ({
        labels: { namespace_name: 'shop', pod_name: pod, container_name: 'cart' },
        samples: sampled(query, (at) => factorOf(metric, limit) * use(at), since),
      }))
      .filter(({ samples }) => samples.length > 0);
  };
  return {
    asked,
    series: async (query) => {
      asked.push(query);
      if (query.resource === 'k8s_container') return ofPods(query);
      const node = nodes[query.labels.node_name ?? query.labels.instance_id ?? ''];
      if (node === undefined) return [];
      if (!query.metric.endsWith('cores')) return [{ labels: {}, samples: sampled(query, node.use) }];
      const { processors } = node;
      return processors === undefined ? [] : [{ labels: {}, samples: sampled(query, () => processors) }];
    },
  };
};

/** An even use with a little noise that is determined by the time: `level` from `from` on, `before` until then. */
export const flat =
  (level: number, { from = 0, before = 0.1 }: { from?: number; before?: number } = {}) =>
  (at: number): number =>
    (at < from ? before : level) * (1 + 0.004 * Math.sin(at / 97_000));

/** The factor from a share of the limit to the unit of each metric. */
const factorOf = (metric: string, limit: number): number =>
  metric.endsWith('core_usage_time') ? limit : metric.endsWith('duty_cycle') ? 100 : 1;
