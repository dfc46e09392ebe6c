import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { ENTRY_STATES, type Entry, inForce, isLeftBehind, isSettled, isStanding } from '../../../shared/model/entry.ts';

const entry = (given: Partial<Entry>): Entry => ({
  step: 'cordon-node',
  subject: 'n',
  uid: '1',
  state: 'applied',
  startedAt: '2026-03-02T03:00:00.000Z',
  proof: null,
  rev: 1,
  ...given,
});
const FORMS = { bare: {}, image: { before: {} }, copy: { host: 'vm-1' } } as const;

describe('model/entry', () => {
  it('is settled in every state but those under way and `held`', () => {
    const open = ENTRY_STATES.filter((state) => !isSettled(entry({ state })));
    assert.deepEqual(open.toSorted(), ['applying', 'held', 'pending']);
  });

  it('may have its change in the world once it is applied, or was begun and has not ended', () => {
    const standing = Object.entries(FORMS).map(([form, given]) => [
      form,
      ENTRY_STATES.filter((state) => isStanding(entry({ state, ...given }))).toSorted(),
    ]);
    assert.deepEqual(Object.fromEntries(standing), {
      bare: ['applied', 'applying'],
      image: ['applied', 'applying', 'held', 'pending'],
      copy: ['applied', 'applying', 'held'],
    });
  });

  it('is in force for an incident until another one has taken the change over', () => {
    for (const state of ENTRY_STATES)
      for (const given of Object.values(FORMS)) {
        const e = entry({ state, ...given });
        assert.equal(inForce(e), isStanding(e), state);
        assert.equal(inForce({ ...e, takenBy: 'i-2' }), false, state);
        assert.equal(isLeftBehind({ ...e, takenBy: 'i-2' }), false, state);
      }
  });

  it('is left behind by a close in force, or as a failure or refusal that keeps a before-image', () => {
    for (const state of ['failed', 'refused'] as const) {
      assert.equal(isLeftBehind(entry({ state, before: {} })), true, state);
      assert.equal(isLeftBehind(entry({ state })), false, state);
      assert.equal(isLeftBehind(entry({ state, host: 'vm-1' })), false, state);
    }
    assert.equal(isLeftBehind(entry({})), true);
    for (const state of ['undone', 'skipped', 'dry-run', 'not-undoable'] as const)
      assert.equal(isLeftBehind(entry({ state, before: {} })), false, state);
  });
});
