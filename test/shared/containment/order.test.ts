import { strict as assert } from 'node:assert';
import { type Turn, turnOf } from '../../../shared/containment/order.ts';
import type { Entry, EntryState, PlanItem } from '../../../shared/model/entry.ts';
import { keyOf } from '../../../shared/model/entry.ts';

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
    assert.equal(turn(drain, [entry('cordon-node', 'skipped')]).turn, 'refuse');
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
});
