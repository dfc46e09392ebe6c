import type { Transition } from '../../../local/world/log.ts';
import { CONTAIN, type Kit } from '../../kit/containment.ts';
import type { Attacked } from './clusters.ts';

/** Times in ms over all clusters to which it happened; `count` is their number. */
export type Spread = { count: number; median: number; p95: number; most: number };

const spreadOf = (times: readonly number[]): Spread => {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { count: sorted.length, median: at(0.5), p95: at(0.95), most: at(1) };
};

/** The change that cuts a pod off: the network policy in its namespace is about this label. */
export const cutsPod = ({ change }: Transition): boolean => change['metadata.labels.quarantine']?.to === 'true';

/** The change that cuts a node off: the firewall rules are about this tag. */
export const cutsNode = ({ verb, change }: Transition): boolean => verb === 'setTags' && 'tags.items' in change;

/** The time from the finding in each cluster (`seenAt`, ms) to the first change by contain there that `matches`. */
export const timesTo = (
  kit: Kit,
  attacked: readonly Attacked[],
  seenAt: ReadonlyMap<string, number>,
  matches: (change: Transition) => boolean,
): Spread => {
  const byPod = new Map(attacked.map(({ ref, pod }) => [pod.uid, ref.cluster]));
  const first = new Map<string, number>();
  for (const change of kit.world.log.by(CONTAIN)) {
    // Other objects belong to a node, and are named after it.
    const cluster = byPod.get(change.uid) ?? /\bgke-(c\d+)-/.exec(change.object)?.[1];
    if (cluster !== undefined && !first.has(cluster) && matches(change)) first.set(cluster, change.at);
  }
  return spreadOf([...first].map(([cluster, at]) => at - (seenAt.get(cluster) ?? at)));
};
