import { strict as assert } from 'node:assert';
import { BACK, compared, habitOf, type Past } from '../../../shared/detection/cpu-replicas.ts';
import type { Series } from '../../../shared/ports.ts';
import { type Course, miner, seriesOf } from '../../kit/use.ts';

const UNTIL = Date.parse('2026-03-02T10:16:00.000Z');
const HOUR_MS = 3_600_000;

const rising: Course = (n, m, random) => (n < m / 2 ? 0.3 + 0.02 * random() : 0.97 + 0.01 * random());
const idle: Course = (_n, _m, random) => 0.1 + 0.05 * random();

const replica = (course: Course, seed = 1): Series => ({
  labels: { pod_name: `cart-${seed}` },
  samples: seriesOf(course, { until: UNTIL, seed }),
});
const among = (own: Course, ...others: Course[]) =>
  compared({
    own: seriesOf(own, { until: UNTIL }),
    others: others.map((course, n) => replica(course, n + 2)),
    until: UNTIL,
  });

describe('a busy pod among the replicas of its workload', () => {
  it('shares a load where they have become as busy with it', () => {
    const { honest, telling } = among(rising, rising, rising, rising);
    assert.match(honest.join(), /3 of its 3 other replicas have become as busy with it/);
    assert.deepEqual(telling, []);
  });

  it('still shares it where one of them is not there yet', () => {
    assert.equal(among(rising, rising, rising, idle).honest.length, 1);
  });

  it('is alone with it where none of them is half as busy', () => {
    const { honest, telling } = among(rising, idle, idle);
    assert.deepEqual(honest, []);
    assert.deepEqual(
      telling.map(({ what }) => what),
      ['alone'],
    );
  });

  // Whoever deploys a miner deploys it with replicas.
  it('says nothing where all of them were busy from their first minute on', () => {
    assert.deepEqual(among(miner(0.98), miner(0.98), miner(0.98)), { honest: [], telling: [] });
  });

  it('says nothing by itself, next to one other, or where they are neither', () => {
    assert.deepEqual(among(rising), { honest: [], telling: [] });
    assert.deepEqual(among(rising, rising), { honest: [], telling: [] });
    assert.deepEqual(among(rising, idle, rising, idle, rising), { honest: [], telling: [] });
    assert.deepEqual(compared({ own: [], others: [replica(rising), replica(rising)], until: UNTIL }), {
      honest: [],
      telling: [],
    });
  });
});

/** Hourly means of the days before; `at(hours ago)`. */
const hourly = (at: (ago: number) => number, days = 8): Series => ({
  labels: {},
  samples: Array.from({ length: days * 24 }, (_, n) => ({
    at: UNTIL - (days * 24 - n) * HOUR_MS,
    value: at(days * 24 - n),
  })),
});
const sameHour = (...courses: Array<Course | undefined>): Past['sameHour'] =>
  BACK.map(({ ms }, n) => {
    const course = courses[n];
    return course === undefined ? [] : [{ labels: {}, samples: seriesOf(course, { until: UNTIL - ms }) }];
  });

describe('the days before', () => {
  it('tell that a workload is new', () => {
    const { telling } = habitOf({ hours: [hourly(() => 0.9, 0.5)], sameHour: sameHour() }, 0.97, UNTIL);
    assert.deepEqual(
      telling.map(({ what }) => what),
      ['new'],
    );
    assert.equal(habitOf({ hours: [], sameHour: sameHour() }, 0.97, UNTIL).telling.length, 1);
    assert.deepEqual(habitOf({ hours: [hourly(() => 0.2)], sameHour: sameHour(idle, idle) }, 0.97, UNTIL), {
      honest: [],
      telling: [],
    });
  });

  it('tell of a habit: as flat at this hour yesterday, and at rest in between', () => {
    const hours = [hourly((ago) => (ago % 24 < 2 ? 0.97 : 0.1))];
    assert.match(habitOf({ hours, sameHour: sameHour(miner(0.97)) }, 0.97, UNTIL).honest.join(), /this hour yesterday/);
  });

  it('or a week ago', () => {
    const hours = [hourly((ago) => (ago > 166 ? 0.97 : 0.1))];
    assert.match(
      habitOf({ hours, sameHour: sameHour(idle, miner(0.97)) }, 0.97, UNTIL).honest.join(),
      /this hour a week ago/,
    );
  });

  // A miner that nobody has seen for a week is no habit.
  it('tell of none where it has never rested', () => {
    const past = { hours: [hourly(() => 0.97)], sameHour: sameHour(miner(0.97), miner(0.97)) };
    assert.deepEqual(habitOf(past, 0.97, UNTIL), { honest: [], telling: [] });
  });

  it('nor where it was busy then, but not flat', () => {
    const load: Course = (n, _m, random) => 0.8 + 0.15 * Math.sin(n) + 0.02 * random();
    const hours = [hourly((ago) => (ago % 24 < 2 ? 0.8 : 0.1))];
    assert.deepEqual(habitOf({ hours, sameHour: sameHour(load) }, 0.97, UNTIL), { honest: [], telling: [] });
  });
});
