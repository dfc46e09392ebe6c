import { strict as assert } from 'node:assert';
import { brief, MAX_SEEN, NO_HISTORY, remembered } from '../../../shared/detection/history.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { NOW, signalOf } from '../../fixtures/signals.ts';

const HOUR_MS = 3_600_000;
const signalAt = (s: number) =>
  signalOf({ verb: 'get', resource: 'pods', at: timeOf(NOW + s * 1000), insertId: `i${s}` });
const seenOf = (whats: readonly string[]) =>
  whats.reduce((history, what, s) => remembered(history, signalAt(s), what, HOUR_MS), NO_HISTORY).seen;

describe('the history of a rule', () => {
  it('keeps the newest of many different things', () => {
    const seen = seenOf(Array.from({ length: MAX_SEEN + 5 }, (_, n) => `kind ${n}`));
    assert.equal(seen.length, MAX_SEEN);
    assert.deepEqual([seen[0]?.what, seen.at(-1)?.what], ['kind 5', `kind ${MAX_SEEN + 4}`]);
  });

  it('keeps what happened once, however often something else happens', () => {
    const seen = seenOf(['once', 'twice', 'twice', ...Array.from({ length: 3 * MAX_SEEN }, () => 'often')]);
    assert.equal(seen.length, MAX_SEEN);
    assert.deepEqual(
      seen.slice(0, 3).map(({ what }) => what),
      ['once', 'twice', 'often'],
    );
    assert.equal(seen[1]?.event, signalAt(2).event);
  });

  it('shortens a long text to 160 characters that still differ', () => {
    const [one, other] = [brief(`${'a'.repeat(300)}1`), brief(`${'a'.repeat(300)}2`)];
    assert.notEqual(one, other);
    assert.deepEqual([one.length, brief('short'), brief('b'.repeat(160)).length], [160, 'short', 160]);
    assert.equal(brief('c'.repeat(200), 100).length, 100);
  });
});
