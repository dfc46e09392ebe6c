import { strict as assert } from 'node:assert';
import { ageText, clockText, dayText, durationText, momentText, offsetText } from '../../../shared/views/time.ts';

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;
const D = 24 * H;

describe('times in words', () => {
  it('writes durations in at most two units', () => {
    const cases: ReadonlyArray<[number, string]> = [
      [0, '0 ms'],
      [80.4, '80 ms'],
      [999.6, '1.0 s'],
      [1250, '1.2 s'],
      [59_990, '59.9 s'],
      [MIN, '1 min 00 s'],
      [3 * MIN + 5 * S, '3 min 05 s'],
      [2 * H + 10 * MIN, '2 h 10 min'],
      [4 * D + H, '4 d 01 h'],
      [-5, '0 ms'],
    ];
    for (const [ms, text] of cases) assert.equal(durationText(ms), text);
  });

  it('writes ages in their largest unit', () => {
    assert.deepEqual([-5, 999, 12 * S, 3 * MIN, 2 * H + 59 * MIN, 4 * D].map(ageText), [
      'now',
      'now',
      '12 s',
      '3 min',
      '2 h',
      '4 d',
    ]);
  });

  it('writes offsets with their sign, and with the units of durations', () => {
    assert.deepEqual([0, 450, -12_000, 59_999, 95 * S, 2 * H + 10 * MIN, 4 * D + H].map(offsetText), [
      '+0.0 s',
      '+0.4 s',
      '-12.0 s',
      '+59.9 s',
      '+1 min 35 s',
      '+2 h 10 min',
      '+4 d 01 h',
    ]);
    for (let ms = 95 * S; ms < 90 * D; ms *= 3) assert.equal(offsetText(-ms), `-${durationText(ms)}`);
  });

  it('writes a moment without fractions of a second, and says that it is in UTC', () => {
    assert.equal(momentText('2026-11-03T03:12:04.123Z'), '2026-11-03 03:12:04 UTC');
  });

  it('takes day and clock time from a stored time', () => {
    const at = '2026-11-03T03:12:04.410Z';
    assert.deepEqual([dayText(at), clockText(at)], ['2026-11-03', '03:12:04']);
  });
});
