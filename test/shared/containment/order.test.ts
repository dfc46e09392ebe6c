import { strict as assert } from 'node:assert';
import { isDone, isGated, satisfies, type Turn, turnOf } from '../../../shared/containment/order.ts';
import {
  ENTRY_STATES,
  type Entry,
  type EntryState,
  isBegunInEarnest,
  keyOf,
  type PlanItem,
} from '../../../shared/model/entry.ts';

const AT = '2026-03-02T03:00:00.000Z';
const NOW = Date.parse(AT) + 10_000;
const entry = (step: Entry['step'], state: EntryState, given: Partial<Entry> = {}): Entry => ({
  step,
  subject: 'n',
  uid: '1',
  state,
  startedAt: AT,
  proof: null,
  rev: 1,
  ...given,
});
const item = (step: PlanItem['step'], given: Partial<PlanItem> = {}): PlanItem => ({
  step,
  subject: 'n',
  uid: '1',
  after: [],
  ...given,
});
const key = (step: PlanItem['step']): string => keyOf({ step, subject: 'n', uid: '1' });
const turn = (of: PlanItem, journal: Entry[], dry = false): Turn =>
  turnOf(of, journal, { row: [], rev: 1, dry, gated: false, planned: { has: () => true }, now: NOW });

const HOST = item('delete-host', { anyOf: [key('snapshots-ready'), key('keep-disks')] });

describe('containment/order', () => {
  it('waits while none of several alternatives is proven, and goes as soon as one is', () => {
    assert.equal(turn(HOST, []).turn, 'wait');
    assert.equal(turn(HOST, [entry('snapshots-ready', 'pending')]).turn, 'wait');
    for (const step of ['snapshots-ready', 'keep-disks'] as const)
      for (const state of ['applied', 'skipped'] as const)
        assert.equal(turn(HOST, [entry(step, state, { proof: 'proven' })]).turn, 'go', `${step} ${state}`);
  });

  it('does not accept as proof a step that was applied or skipped without proof', () => {
    const open = entry('snapshots-ready', 'pending');
    for (const given of [
      { state: 'applied', proof: 'not proven' },
      { state: 'skipped', proof: null },
    ] as const)
      assert.equal(turn(HOST, [open, entry('keep-disks', given.state, { proof: given.proof })]).turn, 'wait');
  });

  it('refuses with both reasons when no alternative is proven and none is still open', () => {
    const failed = turn(HOST, [
      entry('snapshots-ready', 'failed', { because: 'quota' }),
      entry('keep-disks', 'applied', { proof: 'not proven', because: 'a stranger turned it on' }),
    ]);
    assert.equal(failed.turn, 'refuse');
    assert.match(
      failed.turn === 'refuse' ? failed.because : '',
      /snapshots-ready is failed \(quota\); keep-disks is applied/,
    );
    const bare = turn(HOST, [entry('snapshots-ready', 'failed'), entry('keep-disks', 'refused')]);
    assert.match(bare.turn === 'refuse' ? bare.because : '', /: snapshots-ready is failed; keep-disks is refused$/);
  });

  it('accepts a dry run as proof only in a dry run', () => {
    const dry = [entry('snapshots-ready', 'dry-run'), entry('keep-disks', 'dry-run')];
    assert.equal(turn(HOST, dry, true).turn, 'go');
    assert.equal(turn(HOST, dry, false).turn, 'wait');
  });

  it('goes once the step that it follows has ended, whatever the outcome', () => {
    const follower = item('kill-container', { follows: [key('delete-workload')] });
    assert.equal(turn(follower, []).turn, 'wait');
    assert.equal(turn(follower, [entry('delete-workload', 'pending')]).turn, 'wait');
    for (const state of ['applied', 'failed', 'refused', 'skipped', 'held'] as const)
      assert.equal(turn(follower, [entry('delete-workload', state)]).turn, 'go', state);
    const begun = entry('kill-container', 'applying', { requestId: '1' });
    assert.equal(turn(follower, [entry('delete-workload', 'pending'), begun]).turn, 'go', 'it has begun already');
    const before = entry('kill-container', 'failed', { requestId: '1', rev: 0 });
    assert.equal(turn(follower, [entry('delete-workload', 'pending'), before]).turn, 'wait', 'it begins again');
  });

  it('requires every predecessor to have succeeded, and names the one that did not', () => {
    const drain = item('drain-node', { after: [key('cordon-node')] });
    assert.equal(turn(drain, []).turn, 'wait');
    assert.equal(turn(drain, [entry('cordon-node', 'applied')]).turn, 'go');
    const refused = turn(drain, [entry('cordon-node', 'failed', { because: 'denied' })]);
    assert.match(
      refused.turn === 'refuse' ? refused.because : '',
      /cordon-node on n did not succeed \(failed: denied\)/,
    );
    assert.equal(turn(drain, [entry('cordon-node', 'skipped', { proof: 'proven' })]).turn, 'go');
    assert.deepEqual(turn(drain, [entry('cordon-node', 'skipped')]), {
      turn: 'refuse',
      because: 'cordon-node on n did not succeed (skipped)',
    });
  });

  it('waits for a step in `waits` only if that step has begun and not ended, and only for the given seconds', () => {
    const row = [{ step: 'deny-node-network', scope: 'node', waits: { 'leave-group': 60 } }] as const;
    const cut = item('deny-node-network');
    const at = (now: number, journal: Entry[]) =>
      turnOf(cut, journal, { row, rev: 1, dry: false, gated: false, planned: { has: () => true }, now });
    const leaving = [entry('leave-group', 'pending')];
    assert.deepEqual(at(NOW, leaving), { turn: 'wait', until: '2026-03-02T03:01:00.000Z' });
    assert.equal(at(Date.parse(AT) + 60_000, leaving).turn, 'go');
    assert.equal(at(NOW, [entry('leave-group', 'failed')]).turn, 'go');
    assert.equal(at(NOW, []).turn, 'go');
  });

  it('does not repeat a step that is done, whatever happened to its predecessors since', () => {
    const drain = item('drain-node', { after: [key('cordon-node')] });
    assert.equal(turn(drain, [entry('cordon-node', 'undone'), entry('drain-node', 'applied')]).turn, 'done');
  });

  it('continues a waiting step from its wake time on, and not before', () => {
    const drain = item('drain-node');
    const wakeAt = '2026-03-02T03:00:30.000Z';
    const at = (now: number, state: EntryState) =>
      turnOf(drain, [entry('drain-node', state, { wakeAt })], {
        ...{ row: [], rev: 1, dry: false, gated: false, planned: { has: () => true } },
        now,
      });
    assert.deepEqual(at(Date.parse(wakeAt) - 1, 'pending'), { turn: 'wait', until: wakeAt });
    assert.equal(at(Date.parse(wakeAt), 'pending').turn, 'go');
    assert.equal(at(Date.parse(wakeAt) - 1, 'applying').turn, 'go', 'whoever was at it has died');
  });

  it('applies `waits` only to steps on the same subject, and to no held step', () => {
    const row = [{ step: 'deny-node-network', scope: 'node', waits: { 'drain-node': 120 } }] as const;
    const at = (draining: Entry) =>
      turnOf(item('deny-node-network'), [draining], {
        ...{ row, rev: 1, dry: false, gated: false, planned: { has: () => true } },
        now: NOW,
      }).turn;
    assert.equal(at(entry('drain-node', 'pending')), 'wait');
    assert.equal(at(entry('drain-node', 'pending', { uid: '2' })), 'go');
    assert.equal(at(entry('drain-node', 'held')), 'go');
    assert.equal(at(entry('start-snapshots', 'pending')), 'go');
  });

  it('waits as long for a step in `waits` that is yet to begin because what it needs is open', () => {
    const row = [{ step: 'deny-node-network', scope: 'node', waits: { 'drain-node': 120 } }] as const;
    const at = (now: number, journal: Entry[], drains = true) =>
      turnOf(item('deny-node-network'), journal, {
        ...{ row, rev: 1, dry: false, gated: false, planned: { has: () => drains } },
        now,
      });
    const denied = entry('cordon-node', 'pending');
    const until = { turn: 'wait', until: '2026-03-02T03:02:00.000Z' } as const;
    assert.deepEqual(at(NOW, [denied]), until);
    assert.deepEqual(at(NOW, [denied, entry('drain-node', 'refused', { rev: 0 })]), until, 'tried again');
    assert.equal(at(Date.parse(AT) + 120_000, [denied]).turn, 'go');
    assert.equal(at(NOW, [denied], false).turn, 'go', 'a node without a suspect pod is not drained');
    assert.equal(at(NOW, [denied, entry('drain-node', 'failed')]).turn, 'go');
    assert.equal(at(NOW, [entry('cordon-node', 'applied')]).turn, 'go');
    assert.equal(at(NOW, [entry('cordon-node', 'held')]).turn, 'go');
  });

  it('does not wait for a step that is no longer in the plan, and refuses the steps that need it', () => {
    const unplanned = { row: [], rev: 1, dry: false, gated: false, planned: { has: () => false }, now: NOW };
    const drain = item('drain-node', { after: [key('cordon-node')] });
    const gone = turnOf(drain, [], unplanned);
    assert.match(
      gone.turn === 'refuse' ? gone.because : '',
      /^cordon-node, which this step needs, is no longer in the plan$/,
    );
    assert.equal(turnOf(HOST, [], unplanned).turn, 'refuse');
    for (const state of ['held', 'failed'] as const)
      assert.equal(turnOf(drain, [entry('cordon-node', state, { rev: 0 })], unplanned).turn, 'refuse', state);
    for (const state of ['applying', 'pending'] as const)
      assert.equal(turnOf(drain, [entry('cordon-node', state)], unplanned).turn, 'wait', `${state}: still under way`);
    assert.equal(
      turnOf(drain, [entry('cordon-node', 'failed', { rev: 0 })], { ...unplanned, planned: { has: () => true } }).turn,
      'wait',
    );
  });
});

describe('which state of a predecessor counts as success', () => {
  for (const state of ENTRY_STATES)
    it(state, () => {
      for (const proof of ['proven', 'not proven', null] as const)
        for (const dry of [true, false]) {
          const is = state === 'applied' || (state === 'skipped' && proof === 'proven') || (state === 'dry-run' && dry);
          assert.equal(satisfies(entry('cordon-node', state, { proof }), dry), is, `${proof} ${dry ? 'dry' : ''}`);
          const any = turn(HOST, [entry('snapshots-ready', state, { proof }), entry('keep-disks', 'failed')], dry);
          const isProof = is && (proof === 'proven' || state === 'dry-run');
          assert.equal(any.turn === 'go', isProof, `for one of several: ${proof} ${dry ? 'dry' : ''}`);
        }
    });
});

describe('whether an entry needs no more work under a goal', () => {
  const before = { replicas: 3 };
  const under = (rev: number, dry = false, gated = false) => ({ rev, dry, gated });
  const left = (state: EntryState, given: Partial<Entry> = {}, step: Entry['step'] = 'cordon-node') =>
    entry(step, state, { rev: 1, ...given });

  it('a dry run is done in a dry run, and never in earnest', () => {
    for (const rev of [1, 2]) {
      assert.equal(isDone(left('dry-run'), under(rev, true)), true);
      assert.equal(isDone(left('dry-run'), under(rev)), false);
    }
  });

  it('an entry that a budget holds is done under its goal, and not under the next', () => {
    assert.equal(isDone(left('held'), under(1)), true);
    assert.equal(isDone(left('held'), under(2)), false);
  });

  it('a held entry that was begun is not done, even under its own goal, and is done in a dry run', () => {
    for (const given of [{ before }, { host: 'vm-1' }])
      for (const rev of [1, 2]) {
        assert.equal(isDone(left('held', given), under(rev)), false);
        assert.equal(isDone(left('held', given), under(rev, true)), true);
      }
  });

  it('an entry under way is never done', () => {
    for (const state of ['applying', 'pending'] as const)
      for (const dry of [true, false]) assert.equal(isDone(left(state, { before }), under(1, dry)), false);
  });

  it('a failure or refusal is done under its goal, and is tried again under the next', () => {
    for (const state of ['failed', 'refused'] as const) {
      assert.equal(isDone(left(state), under(1)), true, state);
      assert.equal(isDone(left(state), under(2)), false, state);
      assert.equal(isDone(left(state), under(2, true)), false, state);
      assert.equal(isDone(left(state, { before }), under(2)), false, state);
      assert.equal(isDone(left(state, { before }), under(2, true)), true, `${state}: begun in earnest`);
    }
  });

  it('a step that was ended unbegun, or found nothing, is tried again under the next goal', () => {
    assert.equal(isDone(left('skipped'), under(1)), true);
    assert.equal(isDone(left('skipped'), under(2)), false);
    assert.equal(isDone(left('skipped', { before }), under(2)), true);
  });

  it('a success stays done, except for a step that a deletion relies on, which a gated goal checks again', () => {
    const proof = 'proven';
    for (const state of ['applied', 'skipped'] as const) {
      for (const gated of [true, false])
        assert.equal(isDone(left(state, { proof }), under(2, false, gated)), true, state);
      for (const step of ['start-snapshots', 'keep-disks', 'snapshots-ready'] as const) {
        assert.equal(isDone(left(state, { proof }, step), under(2)), true, step);
        assert.equal(isDone(left(state, { proof }, step), under(2, false, true)), false, step);
        assert.equal(
          isDone(left(state, { proof }, step), under(1, false, true)),
          true,
          `${step}: asked under this goal`,
        );
        assert.equal(isDone(left(state, { before }, step), under(2, true, true)), true, `${step}: only looked at`);
      }
    }
  });

  it('a change that was taken over is looked at once, where people may have taken it back by hand', () => {
    const taken = (step: Entry['step'], state: EntryState) => isDone(entry(step, state, { rev: 0, before }), under(1));
    assert.equal(taken('cordon-node', 'applied'), false);
    assert.equal(taken('drain-node', 'applied'), true, 'nobody can take an eviction back');
    assert.equal(taken('cordon-node', 'skipped'), true, 'it left no change');
    assert.equal(isDone(left('applied', { before }), under(2)), true, 'this incident has looked at it');
  });

  it('an access whose time was over is opened again only where an operator has asked for it since', () => {
    const until = '2026-03-02T04:00:00.000Z';
    const asked = (accessAt: string | undefined, given: Partial<Entry> = {}) =>
      isDone(left('undone', { until, ...given }, given.step ?? 'open-investigation-access'), {
        ...under(2),
        accessAt,
      });
    assert.equal(asked('2026-03-02T04:00:00.001Z'), false);
    assert.equal(asked(until), true, 'asked for before its time was over');
    assert.equal(asked(undefined), true, 'not asked for');
    assert.equal(asked('2026-03-02T05:00:00.000Z', { state: 'applied' }), true, 'it is open');
    assert.equal(asked('2026-03-02T05:00:00.000Z', { step: 'cordon-node' }), true, 'another step');
    const { until: _, ...unlimited } = left('undone', { until }, 'open-investigation-access');
    assert.equal(isDone(unlimited, { ...under(2), accessAt: '2026-03-02T05:00:00.000Z' }), true, 'closed by a person');
  });

  it('an entry of a dry run does not count as begun, even with a before-image', () => {
    assert.equal(isBegunInEarnest(left('dry-run', { before, host: 'vm-1' })), false);
    assert.equal(isBegunInEarnest(left('applying')), false);
    assert.equal(isBegunInEarnest(left('applying', { before })), true);
    assert.equal(isBegunInEarnest(left('pending', { host: 'vm-1' })), true);
  });

  it('a row is gated if it has the gate and the goal has no stopFirst', () => {
    const gate = [
      { step: 'start-snapshots', scope: 'node' },
      { step: 'snapshots-ready', scope: 'node' },
    ] as const;
    assert.equal(isGated(gate, {}), true);
    assert.equal(isGated(gate, { stopFirst: false }), true);
    assert.equal(isGated(gate, { stopFirst: true }), false);
    assert.equal(isGated(gate.slice(0, 1), {}), false);
  });
});
