import { strict as assert } from 'node:assert';
import { type BoundStep, bind } from '../../../shared/containment/bound-step.ts';
import { fromNow, isBetween, leftBy, startOf, type Worked } from '../../../shared/containment/start.ts';
import { STEPS } from '../../../shared/containment/steps/registry.ts';
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

const HOST = { id: '1', node: 'n', nodeUid: 'nu', project: 'p1', zone: 'europe-west1-b', instance: 'n' };

/** A step of a node, bound to a host. */
const boundTo = (id: Entry['step']): BoundStep => {
  const step = STEPS.find((one) => one.id === id) ?? assert.fail();
  return bind(step, { scope: 'node', subject: 'n', uid: '1', host: HOST, pods: [] }) ?? assert.fail(id);
};

type Under = Partial<Worked> & { gated?: boolean; dry?: boolean };

/** Where a step begins 100 s after its start, under the goal of revision 2. */
const begins = (known: Entry | undefined, { gated = false, dry = false, rev = 2, begunUnder = rev }: Under = {}) => {
  const hold = { token: 't', goalRev: 2, dry, gated };
  return startOf(boundTo(known?.step ?? 'deny-node-network'), known, { rev, begunUnder }, hold, now(100));
};
const ANEW = { entry: undefined, again: false };

describe('where a step begins', () => {
  it('is a new look at the world where nothing of it is in force', () => {
    assert.deepEqual(begins(undefined), ANEW);
    for (const state of ['dry-run', 'undone'] as const) assert.deepEqual(begins(under({ state })), ANEW, state);
  });

  it('is where a held entry was left, with its before-image and as much time as it had then', () => {
    const held = under({ state: 'held', endedAt: at(40), wakeAt: at(50), because: 'held' });
    const { endedAt: _, because: __, wakeAt: ___, ...kept } = held;
    const entry = { ...kept, state: 'applying', startedAt: at(60), deadline: at(120) };
    assert.deepEqual(begins(held), { entry, again: false });
    const { before: ____, ...unbegun } = held;
    assert.deepEqual(begins(unbegun), ANEW);
  });

  it('is once more the whole step where a deletion relies on a held one', () => {
    const held = under({ step: 'keep-disks', state: 'held', endedAt: at(40) });
    const whole = { ...held, state: 'pending', startedAt: at(100), deadline: at(160) };
    assert.deepEqual(begins(held, { gated: true }), { entry: whole, again: true });
    assert.equal(begins(held).again, false);
  });

  it('is once more the whole step where its undo was given up or interrupted', () => {
    const givenUp = under({ state: 'not-undoable', endedAt: at(10), givenUp: true });
    assert.deepEqual(begins(givenUp), { entry: givenUp, again: true });
    // Nobody takes an access back by hand: it is opened anew.
    const access = under({ step: 'open-investigation-access', state: 'not-undoable', endedAt: at(10), givenUp: true });
    assert.deepEqual(begins(access), ANEW);
    const between = under({ endedAt: at(10) });
    assert.deepEqual(begins(between), { entry: between, again: true });
  });

  it('is the entry as it is while its step is under way, but for a new goal that deletes what it keeps', () => {
    const known = under({ step: 'keep-disks' });
    assert.deepEqual(begins(known, { begunUnder: 1 }), { entry: known, again: false });
    assert.deepEqual(begins(known, { begunUnder: 1, gated: true }), { entry: known, again: true });
    assert.deepEqual(begins(known, { begunUnder: 2, gated: true }), { entry: known, again: false });
    const snapshots = under({ step: 'start-snapshots' });
    assert.deepEqual(begins(snapshots, { begunUnder: 1, gated: true }), ANEW);
  });

  it('is a look at what was taken over from a closed episode', () => {
    const taken = under({ state: 'applied', endedAt: at(5), rev: 0 });
    assert.deepEqual(begins(taken, { rev: 0 }), { entry: { ...taken, anew: true }, again: true });
    assert.deepEqual(begins(taken, { rev: 1 }), { entry: taken, again: false });
  });

  it('is the before-image of what failed or was refused under an earlier goal, and nothing under the same one', () => {
    for (const state of ['failed', 'refused'] as const) {
      const known = under({ state, endedAt: at(5) });
      assert.deepEqual(begins(known, { rev: 1 }), { entry: known, again: true }, state);
      assert.deepEqual(begins(known), { entry: known, again: false }, state);
      assert.deepEqual(begins(known, { rev: 1, dry: true }), { entry: known, again: false }, state);
    }
  });
});
