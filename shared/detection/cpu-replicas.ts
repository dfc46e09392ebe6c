import type { CpuContext } from '../model/cpu-signal.ts';
import type { Sample, Series } from '../ports.ts';
import { meanOf, shapeOf } from './plateau.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A replica is as busy as another within this share of it; it rests below the other. */
const ALIKE = 0.75;
const AT_REST = 0.5;

/** How the pods of one workload compare: the one that the alert is about, and the others at the same time. */
export type Replicas = { own: readonly Sample[]; others: readonly Series[]; until: number };

/** What the other replicas say of a busy one: load that all share, or one that is alone with it. */
export const compared = ({ own, others, until }: Replicas): Pick<CpuContext, 'honest' | 'telling'> => {
  const nothing = { honest: [], telling: [] };
  const mean = recentMean(own, until);
  const means = others.flatMap(({ samples }) => recentMean(samples, until) ?? []);
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
  // A workload that was made to mine is busy from its first minute on, all of it; load comes from somewhere, and rises.
  return rose(own) && others.some(({ samples }) => rose(samples))
    ? { honest: [`${alike} of its ${all} have become as busy with it: that is load that they share`], telling: [] }
    : nothing;
};

const recentMean = (samples: readonly Sample[], until: number): number | undefined => {
  const recent = samples.filter(({ at }) => at > until - 20 * 60_000 && at <= until);
  return recent.length === 0 ? undefined : meanOf(recent.map(({ value }) => value));
};

/** Whether use was clearly less at the beginning of what is known than at its end. */
const rose = (samples: readonly Sample[]): boolean => {
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const early = meanOf(samples.slice(0, quarter).map(({ value }) => value));
  const late = meanOf(samples.slice(-quarter).map(({ value }) => value));
  return samples.length >= 8 && early < 0.7 * late;
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
