import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { courseOf, shapeOf } from '../../../shared/detection/plateau.ts';
import { COMPLETE, LATE_MINUTES, PLATEAUS, queryOf } from '../../../shared/detection/plateau-shapes.ts';
import { CPU_SHAPES } from '../../../shared/model/cpu-signal.ts';
import type { Sample } from '../../../shared/model/series.ts';
import { meets } from '../../kit/promql.ts';
import { BUSY, type Course, miner, seriesOf } from '../../kit/use.ts';

const MINUTE_MS = 60_000;
const UNTIL = Date.parse('2026-03-02T10:16:00.000Z');
const SEEDS = Array.from({ length: 20 }, (_, n) => n + 1);

const shapesOf = (course: Course, minutes = 75): string[] =>
  SEEDS.map((seed) => {
    const looked = shapeOf(seriesOf(course, { until: UNTIL, minutes, seed }), UNTIL);
    return 'shape' in looked ? looked.shape : looked.unread;
  });

describe('the course of CPU use', () => {
  for (const level of [1, 0.98, 0.93]) {
    it(`of a miner at ${100 * level} % is flat at its limit, for 15 minutes and for an hour`, () => {
      assert.deepEqual(new Set(shapesOf(miner(level), 16)), new Set(['strong-plateau']));
      assert.deepEqual(new Set(shapesOf(miner(level))), new Set(['strong-plateau-hour']));
    });
  }

  for (const level of [0.85, 0.75, 0.7, 0.63]) {
    it(`of a miner limited to ${100 * level} % is flat too`, () => {
      assert.deepEqual(new Set(shapesOf(miner(level), 16)), new Set(['plateau']));
      assert.deepEqual(new Set(shapesOf(miner(level))), new Set(['plateau-hour']));
    });
  }

  it('of a miner that built up 20 minutes ago is flat for that time', () => {
    const late: Course = (n, m, random) => (n < m - 20 ? 0.05 : miner(0.97)(n, m, random));
    assert.deepEqual(new Set(shapesOf(late)), new Set(['strong-plateau']));
  });

  for (const [what, course] of Object.entries(BUSY)) {
    it(`of ${what} is not flat, however busy`, () => {
      assert.deepEqual(new Set(shapesOf(course)), new Set(['threshold']));
    });
  }

  it('at a low level is not that of a miner, however flat', () => {
    assert.deepEqual(new Set(shapesOf(miner(0.3))), new Set(['threshold']));
    assert.deepEqual(new Set(shapesOf(() => 0)), new Set(['threshold']));
  });

  it('is unknown without samples, or if they are too old or too few', () => {
    const whole = seriesOf(miner(0.98), { until: UNTIL });
    const unread = (samples: readonly Sample[], until = UNTIL): string => {
      const looked = shapeOf(samples, until);
      return 'unread' in looked ? looked.unread : assert.fail(looked.shape);
    };
    assert.match(unread([]), /no samples/);
    assert.match(unread(whole, UNTIL + 30 * 60_000), /30 minutes old/);
    assert.match(unread(whole.slice(-5)), /too few samples: 5 in an hour/);
    assert.match(unread(whole.map((sample) => ({ ...sample, value: Number.NaN }))), /no samples/);
  });

  it('is read with a few samples missing, and is not flat for an hour if more are missing', () => {
    const whole = seriesOf(miner(0.98), { until: UNTIL });
    const shape = (samples: readonly Sample[]) => ({ shape: 'unread', ...shapeOf(samples, UNTIL) }).shape;
    assert.equal(shape(whole.filter((_, n) => n % 8 !== 3)), 'strong-plateau-hour');
    assert.equal(shape(whole.filter((_, n) => n > 50 || n % 2 === 0)), 'strong-plateau');
    // Late samples, or another order, change nothing.
    assert.equal(shape(whole.toReversed()), 'strong-plateau-hour');
    assert.equal(shape(whole.slice(0, -4)), 'strong-plateau-hour');
  });

  it('ignores samples after the given moment', () => {
    const samples = [...seriesOf(miner(0.98), { until: UNTIL }), { at: UNTIL + 60_000, value: 0 }];
    assert.equal({ shape: '', ...shapeOf(samples, UNTIL) }.shape, 'strong-plateau-hour');
  });

  it('has the figures that a manual calculation gives', () => {
    const samples = [0.2, 0.4, 0.6, 0.8].map((value, n) => ({ at: n * 60_000, value }));
    const { minutes, mean, variation, spread, slope, low } = courseOf(samples) ?? assert.fail();
    const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);
    assert.equal(minutes, 4);
    near(mean, 0.5);
    near(variation, Math.sqrt(0.05) / 0.5);
    near(spread, 0.54);
    near(slope, 2);
    near(low, 0.2);
    assert.equal(courseOf([]), undefined);
  });
});

describe('the shapes of plateaus', () => {
  it('have stricter limits the stronger they are', () => {
    for (const minutes of [15, 60]) {
      const [weak, strong] = PLATEAUS.filter((one) => one.minutes === minutes);
      assert.ok(weak !== undefined && strong !== undefined);
      assert.ok(strong.mean > weak.mean && strong.variation < weak.variation);
    }
    assert.deepEqual(['threshold', ...PLATEAUS.map(({ shape }) => shape)], [...CPU_SHAPES]);
  });

  it('are the same in the query of an alerting policy as in our own code', () => {
    const any = fc.record({
      level: fc.double({ min: 0.5, max: 1, noNaN: true }),
      width: fc.double({ min: 0, max: 0.08, noNaN: true }),
      rise: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
      missing: fc.integer({ min: 0, max: 30 }),
      seed: fc.nat(1_000_000),
    });
    let [met, unmet] = [0, 0];
    fc.assert(
      fc.property(any, ({ level, width, rise, missing, seed }) => {
        const course: Course = (n, m, random) => level + rise * (n / m - 0.5) + width * (2 * random() - 1);
        // The newest sample is present: our own code looks back from it.
        const series = seriesOf(course, { until: UNTIL, seed }).filter((_, n) => n % 31 >= missing || n === 74);
        const looked = shapeOf(series, UNTIL);
        const shape = 'shape' in looked ? looked.shape : 'threshold';
        const told = PLATEAUS.filter((one) =>
          meets(queryOf(one.shape, 'm') ?? '', series, UNTIL + LATE_MINUTES * MINUTE_MS),
        ).at(-1)?.shape;
        assert.equal(told ?? 'threshold', shape);
        if (told === undefined) unmet += 1;
        else met += 1;
      }),
      { numRuns: 500, seed: 7 },
    );
    assert.ok(met > 50 && unmet > 50, `${met} met, ${unmet} not`);
  });

  it('are those that detect-cryptomining finds when an alert first fires, however late the samples become visible', () => {
    const begins = UNTIL - 90 * MINUTE_MS;
    for (const shape of ['strong-plateau', 'strong-plateau-hour'] as const)
      for (const late of [0, 1, 2, 3, 4]) {
        const series = seriesOf(() => 1, { until: UNTIL, minutes: 180, seed: 1 }).map((sample) =>
          sample.at <= begins ? { ...sample, value: 0.1 } : sample,
        );
        const seen = Array.from({ length: 90 }, (_, n) => begins + n * MINUTE_MS).flatMap((now) => {
          const visible = series.filter(({ at }) => at <= now - late * MINUTE_MS);
          return meets(queryOf(shape, 'm') ?? '', visible, now) ? [shapeOf(visible, now)] : [];
        });
        assert.ok(seen[0] !== undefined && 'shape' in seen[0], `${shape}, ${late} minutes late: never fires`);
        assert.equal(seen[0].shape, shape, `${late} minutes late`);
      }
  });

  it('require enough samples, so that a pod of three minutes is not flat for an hour', () => {
    assert.match(
      queryOf('strong-plateau-hour', 'm') ?? '',
      new RegExp(`^count_over_time\\(\\{"m"\\}\\[60m\\] offset 4m\\) >= ${60 * COMPLETE} and `),
    );
    assert.equal(queryOf('threshold', 'm'), undefined);
  });
});
