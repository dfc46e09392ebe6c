import type { CpuContext } from '../model/cpu-signal.ts';
import type { Series } from '../model/series.ts';
import { isFlat, meanOf, shapeOf } from './plateau.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * A replica that uses at least `ALIKE` times the mean of another is as busy as the other; below `AT_REST` times it, it
 * rests.
 */
const ALIKE = 0.75;
const AT_REST = 0.5;
/** A replica's use has risen if it was below this share of its present use. */
const RISEN = 0.7;

/**
 * The pods of one workload, to be compared: `own` is the one that the alert is about, `others` are the rest at the same
 * time. `hours`: hourly means of each in the days before.
 */
type Replicas = { own: Series; others: readonly Series[]; hours: readonly Series[]; until: number };

/** What the other replicas say about a busy one: that all share the load, or that it alone is busy. */
export const compared = ({ own, others, hours, until }: Replicas): Pick<CpuContext, 'honest' | 'telling'> => {
  const nothing = { honest: [], telling: [] };
  const mean = recentMean(own, until);
  const means = others.flatMap((other) => recentMean(other, until) ?? []);
  if (mean === undefined || means.length < 2) return nothing;
  const alike = means.filter((one) => one >= ALIKE * mean).length;
  const resting = means.filter((one) => one < AT_REST * mean).length;
  const all = `${means.length} other replicas`;
  if (resting === means.length)
    return {
      honest: [],
      telling: [{ what: 'alone', says: `none of its ${all} is even half as busy, so this is not shared load` }],
    };
  if (alike < (2 / 3) * means.length) return nothing;
  // A workload that was changed to mine is busy from the first minute of each pod. Honest load has a cause, and rises.
  const rising = (one: Series): boolean => rose(one, hours, until);
  return rising(own) && others.some(rising)
    ? { honest: [`${alike} of its ${all} became as busy at the same time, so this is shared load`], telling: [] }
    : nothing;
};

const recentMean = ({ samples }: Series, until: number): number | undefined => {
  const recent = samples.filter(({ at }) => at > until - 20 * 60_000 && at <= until);
  return recent.length === 0 ? undefined : meanOf(recent.map(({ value }) => value));
};

/** Whether a pod used clearly less within the last day: in its first five samples, or in an earlier hour. */
const rose = (one: Series, hours: readonly Series[], until: number): boolean => {
  const late = recentMean(one, until);
  if (late === undefined) return false;
  const early = one.samples.slice(0, 5).map(({ value }) => value);
  const before = hours
    .filter(({ labels }) => labels.pod_name === one.labels.pod_name)
    .flatMap(({ samples }) => samples.filter(({ at }) => at > until - DAY_MS && at <= until - HOUR_MS))
    .map(({ value }) => value);
  return (early.length === 5 && meanOf(early) < RISEN * late) || before.some((value) => value < RISEN * late);
};

/** The earlier days whose same hour is compared. */
export const BACK = [
  { ms: DAY_MS, says: 'yesterday' },
  { ms: 7 * DAY_MS, says: 'a week ago' },
] as const;

/**
 * A workload's past. `hours`: hourly means of the days before. `sameHour`: the minutes around the same hour, for each
 * of `BACK`.
 */
export type Past = { hours: readonly Series[]; sameHour: ReadonlyArray<readonly Series[]> };

/**
 * What the days before say: that a workload is less than a day old, or that it was as flat and as busy at this hour
 * before, and rested in between. Constant use without rest is not counted as a habit, however old: an unnoticed miner
 * looks like that.
 */
export const habitOf = (past: Past, mean: number, until: number): Pick<CpuContext, 'honest' | 'telling'> => {
  const known = past.hours.flatMap(({ samples }) => samples);
  if (!known.some(({ at }) => at <= until - DAY_MS + HOUR_MS) && !past.sameHour.some((all) => all.length > 0))
    return { honest: [], telling: [{ what: 'new', says: 'its workload is less than a day old' }] };
  const rested = known.some(({ at, value }) => at <= until - HOUR_MS && value < AT_REST * mean);
  const habit = BACK.find(({ ms }, n) =>
    (past.sameHour[n] ?? []).some(({ samples }) => {
      const looked = shapeOf(samples, until - ms);
      return 'course' in looked && isFlat(looked.shape) && looked.course.mean >= ALIKE * mean;
    }),
  );
  return habit !== undefined && rested
    ? { honest: [`it was as busy and as flat at this hour ${habit.says}, and idle in between`], telling: [] }
    : { honest: [], telling: [] };
};
