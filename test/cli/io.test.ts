import { strict as assert } from 'node:assert';
import { captured } from './kit.ts';

describe('Io', () => {
  it('has colour on a terminal only, unless the environment says otherwise', () => {
    const colour = (isTTY: boolean, env: Record<string, string>): boolean => captured({ isTTY, env }).io.colour;
    assert.deepEqual([colour(true, {}), colour(false, {})], [true, false]);
    assert.equal(colour(true, { NO_COLOR: '1' }), false);
    assert.equal(colour(true, { NO_COLOR: '' }), true);
    assert.equal(colour(true, { TERM: 'dumb' }), false);
    assert.equal(colour(false, { FORCE_COLOR: '1' }), true);
    assert.equal(colour(true, { FORCE_COLOR: '0' }), false);
    assert.equal(colour(true, { FORCE_COLOR: '1', NO_COLOR: '1' }), false);
  });

  it('keeps the worst exit code', () => {
    const { io } = captured();
    assert.equal(io.exitCode(), 0);
    io.setExit(2);
    io.setExit(1);
    assert.equal(io.exitCode(), 2);
  });

  it('assumes 100 columns without a terminal, and never fewer than 40', () => {
    assert.equal(captured().io.columns, 100);
    assert.equal(captured({ columns: 12 }).io.columns, 40);
    // What a terminal reports that does not know its size.
    assert.equal(captured({ columns: 0 }).io.columns, 100);
  });
});
