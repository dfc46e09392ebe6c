import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { scaleOf } from '../../../../shared/views/html/scale.ts';

describe('the time scale', () => {
  it('gives busy times a length in proportion', () => {
    const scale = scaleOf([
      { from: 1000, to: 2000 },
      { from: 1500, to: 5000 },
    ]);
    assert.deepEqual([scale.begin, scale.end, scale.cuts], [1000, 5000, []]);
    assert.deepEqual([1000, 2000, 3000, 5000].map(scale.at), [0, 25, 50, 100]);
  });

  it('shortens a long pause, and keeps its real length', () => {
    const scale = scaleOf([
      { from: 0, to: 10_000 },
      { from: 3_600_000, to: 3_610_000 },
    ]);
    assert.deepEqual(
      scale.cuts.map(({ ms }) => ms),
      [3_590_000],
    );
    assert.ok(scale.at(10_000) > 35 && scale.at(3_600_000) < 65);
  });

  it('works for a single moment and for none', () => {
    assert.equal(scaleOf([{ from: 7, to: 7 }]).at(7), 0);
    assert.deepEqual(scaleOf([]).cuts, []);
  });

  it('keeps moments in order and within its ends', () => {
    const moment = fc.integer({ min: 0, max: 100_000_000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(moment, moment), { minLength: 1, maxLength: 20 }), (pairs) => {
        const busy = pairs.map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
        const scale = scaleOf(busy);
        const places = busy
          .flatMap(({ from, to }) => [from, to])
          .toSorted((a, b) => a - b)
          .map(scale.at);
        assert.deepEqual(
          places,
          places.toSorted((a, b) => a - b),
        );
        assert.ok(places.every((place) => place >= 0 && place <= 100));
      }),
    );
  });
});
