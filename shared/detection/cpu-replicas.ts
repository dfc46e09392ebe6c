import type { CpuContext } from '../model/cpu-signal.ts';
import type { Series } from '../ports.ts';
import { meanOf, shapeOf } from './plateau.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A replica is as busy as another within this share of it; it rests below the other. */
const ALIKE = 0.75;
const AT_REST = 0.5;
/** It has risen where it was below this share of what it is now. */
const RISEN = 0.7;

/**
 * How the pods of one workload compare: the one that the alert is about, and the others at the same time. `hours`: hourly
 * means of each in the days before.
 */
export type Replicas = { own: Series; others: readonly Series[]; hours: readonly Series[]; until: number };

/** What the other replicas say of a busy one: load that all share, or one that is alone with it. */
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
      telling: [{ what: 'alone', says: `none of its ${all} is half as busy: this is not load that they share` }],
    };
  if (alike < (2 / 3) * means.length) return nothing;
  // What was made to mine is busy from its first minute on, each pod of it; load comes from somewhere, and rises.
  const rising = (one: Series): boolean => rose(one, hours, until);
  return rising(own) && others.some(rising)
    ? { honest: [`${alike} of its ${all} have become as busy with it: that is load that they share`], telling: [] }
    : nothing;
};

const recentMean = ({ samples }: Series, until: number): number | undefined => {
  const recent = samples.filter(({ at }) => at > until - 20 * 60_000 && at <= until);
  return recent.length === 0 ? undefined : meanOf(recent.map(({ value }) => value));
};

/** Whether a pod used clearly less within the day: at the beginning of its minutes, or in an hour before. */
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

/** How far back the same hour is looked at. */
export const BACK = [
  { ms: DAY_MS, says: 'yesterday' },
  { ms: 7 * DAY_MS, says: 'a week ago' },
] as const;

/** A workload's past: hourly means of the days before, and the minutes around the same hour of each of `BACK`. */
export type Past = { hours: readonly Series[]; sameHour: ReadonlyArray<readonly Series[]> };

/**
 * What the days before say: that a workload is not a day old, or that it was as flat and as busy at this hour before, and
 * rested in between. One that never rests is no habit, however old: a miner that nobody has seen is just that.
 */
export const habitOf = (past: Past, mean: number, until: number): Pick<CpuContext, 'honest' | 'telling'> => {
  const known = past.hours.flatMap(({ samples }) => samples);
  if (!known.some(({ at }) => at <= until - DAY_MS + HOUR_MS) && !past.sameHour.some((all) => all.length > 0))
    return { honest: [], telling: [{ what: 'new', says: 'its workload has not been there for a day' }] };
  const rested = known.some(({ at, value }) => at <= until - HOUR_MS && value < AT_REST * mean);
  const habit = BACK.find(({ ms }, n) =>
    (past.sameHour[n] ?? []).some(({ samples }) => {
      const looked = shapeOf(samples, until - ms);
      return 'course' in looked && looked.shape !== 'threshold' && looked.course.mean >= ALIKE * mean;
    }),
  );
  return habit !== undefined && rested
    ? { honest: [`it was as busy and as flat at this hour ${habit.says}, and rested in between`], telling: [] }
    : { honest: [], telling: [] };
};
