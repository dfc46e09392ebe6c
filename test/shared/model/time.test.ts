import assert from 'node:assert/strict';
import fc from 'fast-check';
import { earliest, timeOf, toTime } from '../../../shared/model/time.ts';

const digits = (n: number, length: number): string => String(n).padStart(length, '0');
const part = (max: number, length = 2) => fc.nat(max).map((n) => digits(n, length));

describe('a stored time', () => {
  it('is written as Date writes it, for every possible moment', () => {
    const last = 8.64e15;
    const moments = fc.oneof(
      fc.integer({ min: -last, max: last }),
      fc.integer({ min: 0, max: 4e12 }),
      fc.double({ min: -last, max: last, noNaN: true }),
    );
    const same = (ms: number): void => assert.equal(timeOf(ms), new Date(ms).toISOString());
    fc.assert(fc.property(moments, same), { numRuns: 3000 });
    for (const ms of [0, -1, 86_399_999, 86_400_000, last, -last]) same(ms);
    for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, last + 1]) assert.throws(() => timeOf(ms), RangeError);
  });
});

describe('a foreign time', () => {
  it('is read in UTC with milliseconds, whatever its offset and fraction', () => {
    for (const [foreign, expected] of [
      ['2026-03-02T10:15:30.250Z', '2026-03-02T10:15:30.250Z'],
      ['2026-03-02T10:15:30.250999999Z', '2026-03-02T10:15:30.250Z'],
      ['2026-03-02T10:15:30.2Z', '2026-03-02T10:15:30.200Z'],
      ['2026-03-02T10:15:30Z', '2026-03-02T10:15:30.000Z'],
      ['2026-03-02t10:15:30.250+02:00', '2026-03-02T08:15:30.250Z'],
      ['2026-03-31 10:15:30.250Z', '2026-03-31T10:15:30.250Z'],
      ['2026-13-02T10:15:30.250Z', undefined],
      ['2026-03-02T10:15Z', '2026-03-02T10:15:00.000Z'],
      ['2026-03-31T10:15:30.999999999+00:00', '2026-03-31T10:15:30.999Z'],
      ['2026-03-31T10:15:30.1234567890Z', undefined],
      ['2026-03-31T10:15:30Z (UTC)', undefined],
      ['x 2026-03-31T10:15:30Z', undefined],
      ['2026-03-02T10:15:30', undefined],
      ['yesterday', undefined],
    ] as const)
      assert.equal(toTime(foreign), expected, foreign);
  });

  it('is the moment that Date reads, also for days that a month does not have', () => {
    const fraction = fc.array(fc.nat(9), { minLength: 3, maxLength: 9 }).map((all) => all.join(''));
    const times = fc.tuple(part(9999, 4), part(14), part(33), part(25), part(61), part(61), fraction);
    fc.assert(
      fc.property(times, ([year, month, day, hour, minute, second, rest]) => {
        const [start, foreign] = [`${year}-${month}-${day}T${hour}:${minute}:${second}`, rest];
        const ms = Date.parse(`${start}.${foreign.slice(0, 3)}Z`);
        const expected = Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
        assert.equal(toTime(`${start}.${foreign}Z`), expected);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the earliest of several times', () => {
  const [a, b, c] = ['2026-03-02T10:00:00.000Z', '2026-03-02T11:00:00.000Z', '2026-03-02T12:00:00.000Z'];

  it('is the first that is defined, in whatever order they are given', () => {
    assert.equal(earliest(b, a, c), a);
    assert.equal(earliest(c, undefined, b), b);
    assert.equal(earliest(undefined, c), c);
    assert.equal(earliest(undefined, undefined), undefined);
    assert.equal(earliest(), undefined);
  });
});
