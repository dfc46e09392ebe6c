import type { Looked } from '../model/cpu-signal.ts';
import type { Sample, Series } from '../model/series.ts';
import { isFlat, meanOf, shapeOf } from './plateau.ts';

/** A pod on a node, and how much of the node's processors it uses. */
export type Share = { namespace: string; pod: string; share: number; looked: Looked; samples: readonly Sample[] };

/** How the use of a node is divided among its pods, as shares. */
export type Attribution = {
  /** The pods that keep the node's use flat, busiest first; empty where no few pods do. */
  to: readonly Share[];
  /** The busiest pod, whether or not its course is flat. */
  busiest?: Share;
  /** The share of the node's use that all pods together have; undefined where the node's use is not known. */
  inPods?: number;
};

const RECENT_MS = 15 * 60_000;
const MOST = 3;
/**
 * A pod that explains a node's use has at least `PART` of it; the pods that explain it together have at least `HALF`.
 */
const PART = 0.25;
const HALF = 0.5;

/**
 * Finds the pods that a node's use belongs to. `containers`: what each container uses, in processors. `capacity`: how
 * many processors the node has. `used`: the node's own use as a fraction of them. Whether a container is flat depends
 * on its course, not on its level.
 */
export const attribute = (of: {
  containers: readonly Series[];
  used: readonly Sample[];
  capacity: number | undefined;
  until: number;
}): Attribution => {
  const { containers, used, capacity, until } = of;
  const recent = (samples: readonly Sample[]): number => recentMean(samples, until);
  const all = containers.reduce((sum, { samples }) => sum + recent(samples), 0);
  const ofNode = capacity === undefined ? undefined : recent(used) * capacity;
  const whole = Math.max(ofNode ?? 0, all);
  if (whole === 0) return { to: [] };
  const shares = containers
    .flatMap(({ labels, samples }): Share[] => {
      const { namespace_name: namespace, pod_name: pod } = labels;
      if (namespace === undefined || pod === undefined) return [];
      return [{ namespace, pod, share: recent(samples) / whole, looked: flatness(samples, until), samples }];
    })
    .toSorted((a, b) => b.share - a.share);
  const flat = shares.filter(({ share, looked }) => share >= PART && 'shape' in looked && isFlat(looked.shape));
  const [busiest] = shares;
  return {
    to: flat.reduce((sum, { share }) => sum + share, 0) >= HALF ? flat.slice(0, MOST) : [],
    ...(busiest === undefined ? {} : { busiest }),
    ...(ofNode === undefined || ofNode === 0 ? {} : { inPods: Math.min(1, all / ofNode) }),
  };
};

/** The mean of the last samples; 0 where there is none. */
const recentMean = (samples: readonly Sample[], until: number): number =>
  meanOf(samples.filter(({ at }) => at > until - RECENT_MS && at <= until).map(({ value }) => value));

/** The shape of a series in processors, scaled by its recent mean so that only its course counts. */
const flatness = (samples: readonly Sample[], until: number): Looked => {
  const mean = recentMean(samples, until);
  if (mean === 0) return { unread: 'it uses no CPU' };
  return shapeOf(
    samples.map(({ at, value }) => ({ at, value: value / mean })),
    until,
  );
};
