import type { Course, CpuShape, Looked } from '../model/cpu-signal.ts';
import type { Sample } from '../model/series.ts';
import { COMPLETE, PLATEAUS, type Plateau } from './plateau-shapes.ts';

const MINUTE_MS = 60_000;
const TEN_MINUTES = 10;

/** The newest sample may be this late: Cloud Monitoring shows a sample up to LATE_MINUTES after it was taken. */
const LATE_MS = 10 * MINUTE_MS;

/** The course of a window of samples, one a minute; undefined where there are none. */
export const courseOf = (samples: readonly Sample[]): Course | undefined => {
  const values = samples.map(({ value }) => value);
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const mean = meanOf(values);
  const deviation = Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
  const sorted = values.toSorted((a, b) => a - b);
  return {
    minutes: Math.round((last.at - first.at) / MINUTE_MS) + 1,
    mean,
    variation: mean > 0 ? deviation / mean : 0,
    spread: quantile(sorted, 0.95) - quantile(sorted, 0.05),
    slope: slopeOf(samples) * TEN_MINUTES,
    low: sorted[0] ?? 0,
  };
};

/**
 * The shape of a series of one sample a minute at the time `until` (ms): the strongest shape whose tests it passes. The
 * course reveals a miner, not the level: miners that hide run at 70 or 75 %, as flat as any other.
 */
export const shapeOf = (samples: readonly Sample[], until: number): Looked => {
  const known = samples
    .filter(({ at, value }) => at <= until && Number.isFinite(value))
    .toSorted((a, b) => a.at - b.at);
  const newest = known.at(-1);
  if (newest === undefined) return { unread: 'Cloud Monitoring has no samples' };
  if (until - newest.at > LATE_MS)
    return { unread: `the last sample is ${Math.round((until - newest.at) / MINUTE_MS)} minutes old` };
  const within = (minutes: number): Sample[] => known.filter(({ at }) => at > newest.at - minutes * MINUTE_MS);
  const [best] = PLATEAUS.toReversed().flatMap((plateau) => {
    const window = within(plateau.minutes);
    const course = courseOf(window);
    return course !== undefined && window.length >= COMPLETE * plateau.minutes && passes(course, plateau)
      ? [{ shape: plateau.shape, course }]
      : [];
  });
  if (best !== undefined) return best;
  const course = courseOf(within(PLATEAUS[0].minutes));
  if (course === undefined || within(PLATEAUS[0].minutes).length < COMPLETE * PLATEAUS[0].minutes)
    return { unread: `Cloud Monitoring has too few samples: ${known.length} in an hour` };
  return { shape: 'threshold', course };
};

/** Whether a course is within the limits of a plateau: mean, variation, spread, slope and lowest sample. */
const passes = (course: Course, of: Pick<Plateau, 'mean' | 'variation' | 'spread' | 'slope' | 'dip'>): boolean =>
  course.mean >= of.mean &&
  course.variation <= of.variation &&
  course.spread <= of.spread &&
  Math.abs(course.slope) <= of.slope &&
  course.low >= of.dip * course.mean;

/** Whether a shape says that the use is flat. */
export const isFlat = (shape: CpuShape): boolean => shape !== 'threshold';

/** The mean of values; 0 where there is none. */
export const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** A quantile by linear interpolation, as in PromQL. */
const quantile = (sorted: readonly number[], share: number): number => {
  const rank = share * (sorted.length - 1);
  const below = sorted[Math.floor(rank)] ?? 0;
  const above = sorted[Math.ceil(rank)] ?? below;
  return below + (above - below) * (rank - Math.floor(rank));
};

/** The rise per minute, by least squares over the times of the samples. */
const slopeOf = (samples: readonly Sample[]): number => {
  const [first] = samples;
  if (first === undefined) return 0;
  const times = samples.map(({ at }) => (at - first.at) / MINUTE_MS);
  const [time, value] = [meanOf(times), meanOf(samples.map((sample) => sample.value))];
  const spread = times.reduce((sum, t) => sum + (t - time) ** 2, 0);
  if (spread === 0) return 0;
  return samples.reduce((sum, sample, n) => sum + ((times[n] ?? 0) - time) * (sample.value - value), 0) / spread;
};
