import { strict as assert } from 'node:assert';
import { fromNow, isBetween, leftBy } from '../../../shared/containment/start.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import { timeOf } from '../../../shared/model/time.ts';

const BEGUN = Date.parse('2026-03-02T03:00:00.000Z');
const at = (seconds: number): string => timeOf(BEGUN + seconds * 1000);
const now = (seconds: number): number => BEGUN + seconds * 1000;

/** An entry of a host whose step is under way. */
const under = (given: Partial<Entry> = {}): Entry => ({
  step: 'deny-node-network',
  subject: 'n',
  uid: '1',
  state: 'pending',
  startedAt: at(0),
  deadline: at(60),
  before: { tags: [] },
  proof: null,
  rev: 1,
  ...given,
});
/** An incident's copy of it. */
const copy = (given: Partial<Entry> = {}): Entry => under({ host: '1', ...given });

describe('containment/start', () => {
  it('leaves an entry of another incident alone while that one may still work on it', () => {
    const known = under({ wakeAt: at(100) });
    for (const seconds of [0, 100, 220]) assert.equal(leftBy(undefined, known, now(seconds)), known);
    assert.deepEqual(leftBy(undefined, known, now(221)), { ...known, state: 'held', endedAt: at(100) });
    assert.equal(leftBy(undefined, under(), now(120))?.state, 'pending');
    assert.deepEqual(leftBy(undefined, under(), now(121)), { ...under(), state: 'held', endedAt: at(0) });
  });

  it('counts an entry as held since this incident has held its copy, unless the entry was begun later', () => {
    const held = copy({ state: 'held', endedAt: at(30) });
    assert.deepEqual(leftBy(held, under(), now(40)), under({ state: 'held', endedAt: at(30) }));
    const later = under({ startedAt: at(31) });
    assert.equal(leftBy(held, later, now(40)), later);
    // A copy that a halt holds is unsettled, and has an end that the entry itself lacks.
    assert.equal(leftBy(copy({ endedAt: at(30) }), under(), now(40))?.state, 'held');
    assert.equal(leftBy(copy({ state: 'applied', endedAt: at(30) }), under(), now(40))?.state, 'pending');
    assert.equal(leftBy(copy(), under(), now(4000))?.state, 'pending');
  });

  it('does not count an entry as held with which another incident has gone on, until that one has given it up', () => {
    const held = copy({ state: 'held', endedAt: at(30) });
    const alone = under({ wakeAt: at(60) });
    assert.deepEqual(leftBy(held, alone, now(90)), { ...alone, state: 'held', endedAt: at(30) });
    const known = under({ wakeAt: at(61) });
    assert.equal(leftBy(held, known, now(181)), known);
    assert.deepEqual(leftBy(held, known, now(182)), { ...known, state: 'held', endedAt: at(61) });
  });

  it('gives an entry whose undo was interrupted its whole time again, instead of what was left of it', () => {
    const known = under({ endedAt: at(10) });
    assert.deepEqual(leftBy(undefined, known, now(500)), {
      ...known,
      startedAt: at(500),
      deadline: at(560),
    });
    // The copy ended too, and is as it was: the entry itself says when its earlier attempt ended.
    assert.equal(leftBy(copy({ endedAt: at(10) }), known, now(500)), known);
  });

  it('has nothing left of an entry that is settled or was never made', () => {
    assert.equal(leftBy(undefined, undefined, now(500)), undefined);
    const done = under({ state: 'applied', endedAt: at(5) });
    assert.equal(leftBy(undefined, done, now(500)), done);
  });

  it('takes for interrupted only what is unsettled, has an end, and has a before-image', () => {
    const { before: _, ...blank } = under({ endedAt: at(5) });
    assert.ok(isBetween(under({ endedAt: at(5) })));
    assert.ok(!isBetween(under()));
    assert.ok(!isBetween(blank));
    assert.ok(!isBetween(under({ state: 'undone', endedAt: at(5) })));
  });

  it('moves the deadline with the start, and makes none where there was none', () => {
    assert.deepEqual(fromNow(under(), now(7)), under({ startedAt: at(7), deadline: at(67) }));
    const { deadline: _, ...open } = under();
    assert.deepEqual(fromNow(open, now(7)), { ...open, startedAt: at(7) });
  });
});
