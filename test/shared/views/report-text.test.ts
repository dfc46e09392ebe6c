import { strict as assert } from 'node:assert';
import { ruleOf } from '../../../shared/detection/registry.ts';
import { happenedText, leftToDoText } from '../../../shared/views/report-text.ts';
import { contained, entry, finding } from './fixtures.ts';

describe('happenedText', () => {
  it('is about the most severe finding, not about the surest one', () => {
    const miner = finding({ id: 'f-1', rule: 'exec-miner', severity: 'critical', confidence: 0.9 });
    const shell = finding({ id: 'f-2', rule: 'exec-into-pod', severity: 'low', confidence: 0.95 });
    for (const findings of [
      [miner, shell],
      [shell, miner],
    ])
      assert.equal(happenedText(contained({ findings }), ruleOf), ruleOf('exec-miner')?.title);
    assert.equal(happenedText(contained({ findings: [] }), ruleOf), 'Requested by an operator');
  });
});

describe('leftToDoText', () => {
  it('asks to do by hand what failed, or to look at what holds an incident, and else for nothing', () => {
    const held = { because: 'the budget is used up', at: contained().openedAt };
    assert.match(leftToDoText(contained({ state: 'failed', held })), /^To do by hand what failed/);
    assert.equal(leftToDoText(contained({ held })), 'To look at what holds it: the budget is used up');
    assert.equal(leftToDoText(contained()), 'Nothing');
    const journal = [entry('leave-group', 0, { state: 'not-undoable' })];
    assert.match(leftToDoText(contained({ state: 'released', journal })), /what could not be undone/);
    assert.equal(leftToDoText(contained({ state: 'released' })), 'Nothing');
    // An open question takes none of that away, and says itself what a budget holds.
    const asked = { tier: 'delete-workload', plan: 'p-1', until: contained().openedAt } as const;
    assert.match(leftToDoText(contained({ state: 'failed' }), asked), /^To do by hand what failed/);
    assert.match(leftToDoText(contained({ held }), asked), /^To look at what holds it/);
    assert.equal(leftToDoText(contained({ held }), { ...asked, lifts: true }), '');
    assert.equal(leftToDoText(contained(), asked), '');
  });
});
