import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { type Deciding, goalOf } from '../../../shared/decision/goal.ts';
import { coversWith } from '../../../shared/decision/grant.ts';
import { readPolicy } from '../../../shared/decision/policy.ts';
import type { Decision, Goal } from '../../../shared/model/decision.ts';
import type { Tier } from '../../../shared/model/ids.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { finding, incidentOn, NOW, pod } from './fixtures.ts';

const goal = (over: Partial<Goal> = {}): Goal => ({
  ...{ rev: 1, tier: 'quarantine', by: 'policy', mode: 'act', at: timeOf(NOW), requested: false },
  ...over,
});
const decided = (tier: Tier): Decision => ({
  ...{ verdict: 'act', tier, because: [], policyHash: 'h', at: timeOf(NOW) },
});
const maximum = (over: object = {}): Incident['summary']['maxima'][number] => ({
  ...{ rule: 'exec-shell', severity: 'high', confidence: 0.9, family: 'exec', conclusive: true, finding: 'f-1' },
  ...over,
});
const seen = (...maxima: Incident['summary']['maxima']): Pick<Incident, 'summary'> => ({
  summary: { count: maxima.length, maxima, principals: [] },
});
const two = pod({ uid: 'pod-2', name: 'cart-2' });

/** The goal after a merge. `tier`: of the decision; `own`: what the policy alone decided. */
const goalAfter = (before: Incident, merged: Incident, tier: Tier, own: Tier = tier, more = ''): Goal | null => {
  const rules = { policy: readPolicy(`mode: act\n${more}`).policy, policyHash: 'h' };
  const deciding: Deciding = { before, merged, decision: decided(tier), own, covers: coversWith(before, merged) };
  return goalOf(rules, deciding, NOW + 1);
};

describe('the goal of an incident that has learned something', () => {
  it('freezes the workload if evidence is in its spec, beside other evidence too, or in a second pod', () => {
    const spec = incidentOn(seen(maximum(), maximum({ family: 'spec', rule: 'spec-privileged' })));
    assert.deepEqual(goalAfter(incidentOn(), spec, 'quarantine')?.options, { freeze: true });
    const exec = incidentOn(seen(maximum()));
    assert.equal(goalAfter(incidentOn(), exec, 'quarantine')?.options, undefined);
    const other = finding({ id: 'f-2', target: { ...finding().target, pod: 'cart-2' } });
    const both = { ...exec, subjects: [pod(), two], findings: [finding(), other] };
    assert.deepEqual(goalAfter(incidentOn(), both, 'quarantine')?.options, { freeze: true });
    const busy = { ...both, findings: [finding(), { ...other, family: 'cpu' as const }] };
    assert.equal(goalAfter(incidentOn(), busy, 'quarantine')?.options, undefined);
  });

  const granted = (over: Partial<Goal> = {}): Incident =>
    incidentOn({
      goal: goal({ tier: 'isolate', requested: true, covers: [{ uid: 'pod-1', tier: 'isolate' }], ...over }),
    });
  const joined = (before: Incident): Incident => ({
    ...before,
    ...seen(maximum(), maximum({ family: 'spec', rule: 'spec-privileged' })),
    subjects: [pod(), two],
  });

  it('freezes no workload because of a pod that no grant covers, unless the policy itself would', () => {
    for (const [own, freezes] of [
      ['snapshot', undefined],
      ['quarantine', true],
    ] as const) {
      const { otherwise, options } = goalAfter(granted(), joined(granted()), 'isolate', own) ?? assert.fail();
      assert.deepEqual([otherwise?.tier, otherwise?.options?.freeze, options?.freeze], [own, freezes, freezes]);
    }
  });

  it("never lowers the policy's own tier for pods without a grant, nor takes stopFirst from them", () => {
    const stop = 'stopFirst: [{ when: { namespace: shop }, because: it destroys things }]';
    const first = goalAfter(granted(), joined(granted()), 'isolate', 'quarantine', stop) ?? assert.fail();
    assert.deepEqual([first.otherwise?.tier, first.otherwise?.stopFirst], ['quarantine', true]);
    const running = { ...joined(granted()), goal: first };
    const { otherwise } = goalAfter(running, running, 'isolate', 'snapshot') ?? assert.fail();
    assert.deepEqual([otherwise?.tier, otherwise?.stopFirst], ['quarantine', true]);
    const calm = goalAfter(granted(), joined(granted()), 'isolate', 'quarantine') ?? assert.fail();
    assert.equal(calm.otherwise?.stopFirst, undefined);
  });

  it('keeps stopFirst when its tier rises, and never has it of itself', () => {
    for (const stopFirst of [true, undefined]) {
      const before = incidentOn({ goal: goal(stopFirst === undefined ? {} : { stopFirst }) });
      assert.equal(goalAfter(before, before, 'isolate')?.stopFirst, stopFirst);
    }
  });

  it('is another one only if there is more to do', () => {
    const before = incidentOn({ ...seen(maximum()), goal: goal() });
    assert.equal(goalAfter(before, before, 'quarantine'), before.goal);
    assert.equal(goalAfter(before, before, 'snapshot'), before.goal, 'never less');
    assert.equal(goalAfter(before, { ...before, subjects: [pod(), two] }, 'quarantine')?.rev, 2);
    assert.deepEqual(
      [goalAfter(before, before, 'isolate')?.rev, goalAfter(before, before, 'isolate')?.tier],
      [2, 'isolate'],
    );
    assert.equal(goalAfter(incidentOn(), incidentOn(), 'observe'), null);
    const tried = incidentOn({ ...seen(maximum()), goal: goal({ mode: 'dry-run', tier: 'isolate' }) });
    assert.deepEqual(
      [goalAfter(tried, tried, 'snapshot')?.rev, goalAfter(tried, tried, 'snapshot')?.tier],
      [2, 'snapshot'],
    );
  });

  it('is another one if the policy adds a step or stopFirst to what runs, once', () => {
    const when = 'when: { namespace: shop }, because: it is so';
    for (const [text, added] of [
      [`options: [{ ${when}, add: [forensics] }]`, { options: { forensics: true } }],
      [`stopFirst: [{ ${when} }]`, { stopFirst: true }],
    ] as const) {
      const before = incidentOn({ ...seen(maximum()), goal: goal() });
      const next = goalAfter(before, before, 'quarantine', 'quarantine', text);
      assert.deepEqual(next, { ...goal({ rev: 2, at: timeOf(NOW + 1) }), ...added });
      const again = { ...before, goal: next };
      assert.equal(goalAfter(again, again, 'quarantine', 'quarantine', text), next);
    }
  });
});
