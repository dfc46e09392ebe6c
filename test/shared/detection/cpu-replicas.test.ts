import { strict as assert } from 'node:assert';
import { BACK, compared, habitOf, type Past } from '../../../shared/detection/cpu-replicas.ts';
import type { Series } from '../../../shared/model/series.ts';
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
  compared({ own: replica(own), others: others.map((course, n) => replica(course, n + 2)), hours: [], until: UNTIL });

/** Hourly means of the days before, given by `at(hours ago)`. */
const hourly = (at: (ago: number) => number, days = 8): Series => ({
  labels: {},
  samples: Array.from({ length: days * 24 }, (_, n) => ({
    at: UNTIL - (days * 24 - n) * HOUR_MS,
    value: at(days * 24 - n),
  })),
});
describe('a busy pod among the replicas of its workload', () => {
  it('shares a load if the replicas have become as busy at the same time', () => {
    const { honest, telling } = among(rising, rising, rising, rising);
    assert.match(honest.join(), /3 of its 3 other replicas became as busy at the same time/);
    assert.deepEqual(telling, []);
  });

  it('shares a load even if one replica is not busy yet', () => {
    assert.equal(among(rising, rising, rising, idle).honest.length, 1);
  });

  it('is alone if no replica is half as busy', () => {
    const { honest, telling } = among(rising, idle, idle);
    assert.deepEqual(honest, []);
    assert.deepEqual(
      telling.map(({ what }) => what),
      ['alone'],
    );
  });

  it('shares a load of several hours if every replica was at rest within the day before', () => {
    const [own, ...others] = [1, 2, 3].map((n) => replica(miner(0.98), n));
    assert.ok(own !== undefined);
    const hoursOf = (at: (ago: number) => number): Series[] =>
      [own, ...others].map(({ labels }) => ({ labels, samples: hourly(at).samples }));
    const rested = hoursOf((ago) => (ago > 5 ? 0.2 : 0.98));
    assert.equal(compared({ own, others, hours: rested, until: UNTIL }).honest.length, 1);
    const never = hoursOf(() => 0.98);
    assert.deepEqual(compared({ own, others, hours: never, until: UNTIL }), { honest: [], telling: [] });
    // The series of other pods, from before a change of the workload, say nothing about these pods.
    const older = rested.map((one) => ({ ...one, labels: { pod_name: 'cart-old' } }));
    assert.deepEqual(compared({ own, others, hours: older, until: UNTIL }), { honest: [], telling: [] });
  });

  // An attacker who deploys a miner may deploy it with replicas.
  it('gives no verdict if all replicas were busy from their first minute', () => {
    assert.deepEqual(among(miner(0.98), miner(0.98), miner(0.98)), { honest: [], telling: [] });
  });

  it('gives no verdict without or with one other replica, or if the replicas differ', () => {
    assert.deepEqual(among(rising), { honest: [], telling: [] });
    assert.deepEqual(among(rising, rising), { honest: [], telling: [] });
    assert.deepEqual(among(rising, idle, rising, idle, rising), { honest: [], telling: [] });
    const nobody = { labels: {}, samples: [] };
    const others = [replica(rising), replica(rising)];
    assert.deepEqual(compared({ own: nobody, others, hours: [], until: UNTIL }), { honest: [], telling: [] });
  });
});

const sameHour = (...courses: Array<Course | undefined>): Past['sameHour'] =>
  BACK.map(({ ms }, n) => {
    const course = courses[n];
    return course === undefined ? [] : [{ labels: {}, samples: seriesOf(course, { until: UNTIL - ms }) }];
  });

describe('the days before a busy hour', () => {
  it('show that a workload is new', () => {
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

  it('show a habit: as flat at this hour yesterday, and at rest in between', () => {
    const hours = [hourly((ago) => (ago % 24 < 2 ? 0.97 : 0.1))];
    assert.match(habitOf({ hours, sameHour: sameHour(miner(0.97)) }, 0.97, UNTIL).honest.join(), /this hour yesterday/);
  });

  it('show a habit of a week ago', () => {
    const hours = [hourly((ago) => (ago > 166 ? 0.97 : 0.1))];
    assert.match(
      habitOf({ hours, sameHour: sameHour(idle, miner(0.97)) }, 0.97, UNTIL).honest.join(),
      /this hour a week ago/,
    );
  });

  // A miner that has run unnoticed for a week is not a habit.
  it('show no habit if the workload never rested', () => {
    const past = { hours: [hourly(() => 0.97)], sameHour: sameHour(miner(0.97), miner(0.97)) };
    assert.deepEqual(habitOf(past, 0.97, UNTIL), { honest: [], telling: [] });
  });

  it('show no habit if it was busy at that hour but not flat', () => {
    const load: Course = (n, _m, random) => 0.8 + 0.15 * Math.sin(n) + 0.02 * random();
    const hours = [hourly((ago) => (ago % 24 < 2 ? 0.8 : 0.1))];
    assert.deepEqual(habitOf({ hours, sameHour: sameHour(load) }, 0.97, UNTIL), { honest: [], telling: [] });
  });
});
