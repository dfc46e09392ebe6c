import { strict as assert } from 'node:assert';
import { attribute } from '../../../shared/detection/cpu-node.ts';
import type { Sample, Series } from '../../../shared/model/series.ts';
import { BUSY, type Course, miner, seriesOf } from '../../kit/use.ts';

const UNTIL = Date.parse('2026-03-02T10:16:00.000Z');
const CAPACITY = 4;

const scaled =
  (course: Course, by: number): Course =>
  (n, m, random) =>
    course(n, m, random) * by;
/** The use of a pod, in processors. */
const pod = (name: string, course: Course, processors: number, seed = 1): Series => ({
  labels: { namespace_name: 'shop', pod_name: name, container_name: 'c' },
  samples: seriesOf(scaled(course, 1), { until: UNTIL, seed }).map(({ at, value }) => ({
    at,
    value: value * processors,
  })),
});
const used = (level: number): Sample[] => seriesOf(miner(level), { until: UNTIL });
const of = (containers: Series[], level: number) =>
  attribute({ containers, used: used(level), capacity: CAPACITY, until: UNTIL });
const service = BUSY['a service by its load'] ?? miner(0.5);

describe('the CPU use of a node', () => {
  it('is attributed to the pod that is flat and uses most of it', () => {
    const { to, inPods = 0 } = of(
      [pod('miner', miner(1), 3), pod('web', service, 0.8), pod('idle', miner(1), 0.1)],
      0.95,
    );
    assert.deepEqual(
      to.map((one) => one.pod),
      ['miner'],
    );
    assert.ok((to[0]?.share ?? 0) > 0.7 && inPods > 0.9);
  });

  it('is attributed to several pods that share it, busiest first', () => {
    const { to } = of([pod('a', miner(1), 1.2), pod('b', miner(1), 1.5), pod('c', service, 0.5)], 0.9);
    assert.deepEqual(
      to.map((one) => one.pod),
      ['b', 'a'],
    );
  });

  it('is attributed to no more than three pods', () => {
    const quarter = (name: string) => pod(name, () => 1, 1);
    assert.equal(of(['a', 'b', 'c', 'd'].map(quarter), 0.9).to.length, 3);
  });

  it('is attributed to no pod if the busiest is not flat, and names that one', () => {
    const { to, busiest } = of([pod('web', service, 3), pod('idle', miner(1), 0.4)], 0.9);
    assert.deepEqual(to, []);
    assert.equal(busiest?.pod, 'web');
  });

  it('is attributed to no pod if the flat pod uses little of it', () => {
    assert.deepEqual(of([pod('a', miner(1), 0.9), pod('web', service, 3)], 1).to, []);
  });

  // A miner that runs beside the pods is in no pod's use.
  it('shows a small share of the pods if something runs beside them', () => {
    const { to, inPods = 1 } = of([pod('web', service, 0.5)], 0.97);
    assert.deepEqual(to, []);
    assert.ok(inPods < 0.2);
  });

  it('is divided among the pods if the capacity of the node is unknown', () => {
    const containers = [pod('miner', miner(1), 3), pod('web', service, 0.5)];
    const { to, inPods } = attribute({ containers, used: used(0.9), capacity: undefined, until: UNTIL });
    assert.deepEqual(
      to.map((one) => one.pod),
      ['miner'],
    );
    assert.equal(inPods, undefined);
  });

  it('is attributed to no pod if there is none', () => assert.deepEqual(of([], 0), { to: [] }));

  it('ignores a series that names no pod', () => {
    const nameless = { ...pod('x', miner(1), 3), labels: {} };
    assert.deepEqual(of([nameless], 0.9).to, []);
  });
});
