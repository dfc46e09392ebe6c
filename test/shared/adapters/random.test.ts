import { strict as assert } from 'node:assert';
import { randomHex } from '../../../shared/adapters/random.ts';

describe('random', () => {
  it('returns 128 bits in hex that never repeat, also beyond one batch of random bytes', () => {
    const made = Array.from({ length: 2_000 }, randomHex);
    for (const one of made) assert.match(one, /^[0-9a-f]{32}$/);
    assert.equal(new Set(made).size, made.length);
    assert.equal(new Set(made.flatMap((one) => [one.slice(0, 16), one.slice(16)])).size, 2 * made.length);
  });
});
