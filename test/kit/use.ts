import type { Sample } from '../../shared/model/series.ts';

const MINUTE_MS = 60_000;

/** Random-looking numbers between 0 and 1, determined by a seed. */
export const chance = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** The use at minute `n` of `minutes`; `random` gives noise. */
export type Course = (n: number, minutes: number, random: () => number) => number;

/** A series that ends at `until`, with one sample a minute. */
export const seriesOf = (course: Course, of: { until: number; minutes?: number; seed?: number }): Sample[] => {
  const { until, minutes = 75, seed = 1 } = of;
  const random = chance(seed);
  return Array.from({ length: minutes }, (_, n) => ({
    at: until - (minutes - 1 - n) * MINUTE_MS,
    value: Math.min(1, Math.max(0, course(n, minutes, random))),
  }));
};

const around = (level: number, width: number, random: () => number): number => level + width * (2 * random() - 1);

/** CPU use of a miner: it starts within seconds and is then flat, at whatever level it is limited to. */
export const miner =
  (level: number): Course =>
  (_n, _minutes, random) =>
    around(level, 0.01 * level, random);

/** Courses of other busy programs, by name. None of them is flat. */
export const BUSY: Readonly<Record<string, Course>> = {
  'a service by its load': (n, _m, random) => around(0.7 + 0.12 * Math.sin(n / 7), 0.08, random),
  'a build': (n, _m, random) => (n % 13 < 8 ? around(0.95, 0.05, random) : around(0.1, 0.1, random)),
  'training, with a validation after each epoch': (n, _m, random) =>
    n % 11 === 10 ? 0.35 : around(0.97, 0.02, random),
  'a batch of many small jobs': (n, _m, random) =>
    n % 5 === 4 ? around(0.4, 0.2, random) : around(0.96, 0.04, random),
  'a load test in steps': (n, m, random) => around(0.3 + 0.1 * Math.floor((7 * n) / m), 0.02, random),
  'a runtime that starts': (n, m, random) => around(0.95 - 0.6 * (n / m), 0.05, random),
  'a garbage collector': (n, _m, random) => 0.6 + 0.06 * (n % 6) + 0.02 * random(),
  'slowly rising load': (n, m, random) => around(0.6 + 0.35 * (n / m), 0.02, random),
  'a busy hour with one dip': (n, m, random) => (n === m - 7 ? 0.5 : around(0.95, 0.005, random)),
};
