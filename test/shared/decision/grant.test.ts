import { strict as assert } from 'node:assert';
import { capOf, ungranted } from '../../../shared/decision/cap.ts';
import { planOf } from '../../../shared/decision/plan.ts';
import type { Goal } from '../../../shared/model/decision.ts';
import { keyOf, type PlanItem } from '../../../shared/model/entry.ts';
import { TIERS, type Tier } from '../../../shared/model/ids.ts';
import type { PodSubject } from '../../../shared/model/subject.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { ACT, incidentOn, NOW, pod } from './fixtures.ts';

const SITUATION = { networkPolicy: true };
const HOST_1 = { id: '7', node: 'n1', nodeUid: 'node-1' };
const HOST_2 = { id: '8', node: 'n2', nodeUid: 'node-2' };

const granted = pod({ uid: 'pod-1', name: 'cart-1', host: HOST_1 });
const beside = pod({ uid: 'pod-2', name: 'cart-2', host: HOST_1 });
const elsewhere = pod({ uid: 'pod-3', name: 'cart-3', host: HOST_2 });

const goalOf = (tier: Tier, over: Partial<Goal> = {}): Goal => ({
  rev: 2,
  tier,
  by: 'ana@example.com',
  mode: 'act',
  at: timeOf(NOW),
  requested: true,
  covers: [{ uid: granted.uid, tier }],
  ...over,
});

const planFor = (
  subjects: PodSubject[],
  goal: Goal,
  otherwise: Tier = 'delete-host',
  plan: PlanItem[] = [],
): PlanItem[] => {
  const incident = incidentOn({ subjects, goal, plan });
  const tier = TIERS.find((known) => known === goal.tier) ?? 'observe';
  return planOf(incident, tier, goal, SITUATION, otherwise);
};

const of = (plan: readonly PlanItem[], name: string): string[] =>
  plan.flatMap(({ step, subject }) => (subject.split('#')[0] === name ? [step] : []));

describe('the plan of a grant', () => {
  it('equals the plan for all subjects if the grant covers all of them, at every tier', () => {
    for (const tier of TIERS) {
      const covers = [granted, beside, elsewhere].map(({ uid }) => ({ uid, tier }));
      const { covers: _, ...plain } = goalOf(tier);
      const subjects = [granted, beside, elsewhere];
      assert.deepEqual(planFor(subjects, goalOf(tier, { covers })), planFor(subjects, plain), tier);
    }
  });

  it('does nothing to a pod that it does not cover, on a node that it does not cover', () => {
    for (const tier of TIERS) {
      if (tier === 'delete-workload') continue;
      const plan = planFor([granted, elsewhere], goalOf(tier));
      assert.deepEqual(plan.map(keyOf), planFor([granted], goalOf(tier)).map(keyOf), tier);
    }
  });

  it('does to a pod that it does not cover what the policy decided, up to the cap in force', () => {
    const goal = goalOf('delete-host', { otherwise: { tier: 'quarantine' } });
    const plan = planFor([granted, elsewhere], goal);
    const { covers: _, ...quarantine } = goalOf('quarantine');
    const alone = planFor([elsewhere], quarantine);
    assert.deepEqual(of(plan, 'shop/cart-3'), of(alone, 'shop/cart-3'));
    assert.deepEqual(of(plan, 'n2'), ['start-snapshots', 'keep-disks', 'cordon-node']);
    assert.ok(of(plan, 'n1').includes('delete-host') && !of(plan, 'n1').includes('cordon-node'));
    const capped = planFor([granted, elsewhere], goal, 'snapshot');
    assert.deepEqual(of(capped, 'n2'), ['start-snapshots']);
    assert.ok(of(capped, 'n1').includes('delete-host'));
  });

  it('is empty under a cap of observe, whatever the policy decided for the rest', () => {
    const goal = goalOf('delete-host', { otherwise: { tier: 'isolate' } });
    const plan = planOf(incidentOn({ subjects: [granted, elsewhere], goal }), 'observe', goal, SITUATION, 'observe');
    assert.deepEqual(plan, []);
  });

  it('goes as far with a node as the grant goes with any pod on it', () => {
    const plan = planFor([granted, beside], goalOf('isolate'));
    assert.deepEqual(of(plan, 'n1'), of(planFor([granted], goalOf('isolate')), 'n1'));
    assert.ok(!of(plan, 'shop/cart-2').includes('quarantine-pod'));
  });

  it("captures evidence of a pod that it does not cover before it deletes the pod's node", () => {
    const steps = planFor([granted, beside], goalOf('delete-host')).map(keyOf);
    const at = (step: string) => steps.findIndex((key) => key.startsWith(step));
    assert.ok(at('capture-evidence shop/cart-2#objects') >= 0);
    assert.ok(at('capture-evidence shop/cart-2#logs') < at('delete-host'));
  });

  it("captures evidence and disks of a pod that it does not cover before it deletes the pod's workload", () => {
    const plan = planFor([granted, elsewhere], goalOf('delete-workload'));
    const deletion = plan.find(({ step }) => step === 'delete-workload') ?? assert.fail();
    const gates = plan.flatMap((item) => (item.step === 'snapshots-ready' ? [keyOf(item)] : []));
    assert.equal(gates.length, 2);
    assert.deepEqual(deletion.after, gates);
    assert.deepEqual(of(plan, 'shop/cart-3'), ['capture-evidence', 'capture-evidence']);
    assert.deepEqual(of(plan, 'n2'), ['start-snapshots', 'snapshots-ready']);
  });

  it('applies the options and stopFirst of the operator to the covered subjects only', () => {
    const over = { options: { investigate: true }, stopFirst: true, otherwise: { tier: 'isolate' as const } };
    const plan = planFor([granted, elsewhere], goalOf('isolate', over));
    assert.ok(of(plan, 'n1').includes('open-investigation-access') && !of(plan, 'n1').includes('start-snapshots'));
    assert.ok(!of(plan, 'n2').includes('open-investigation-access') && of(plan, 'n2').includes('start-snapshots'));
  });

  it('contains a step once that two tiers have in common, in the form of the higher tier', () => {
    const goal = goalOf('delete-host', { otherwise: { tier: 'quarantine' } });
    const plan = planFor([granted, beside, elsewhere], goal);
    assert.equal(new Set(plan.map(keyOf)).size, plan.length);
    const first = plan.find(({ step, subject }) => step === 'start-snapshots' && subject === 'n1');
    assert.equal(first?.start, undefined);
    for (const item of plan)
      for (const key of [...item.after, ...(item.anyOf ?? []), ...(item.follows ?? [])])
        assert.ok(
          plan.some((other) => keyOf(other) === key),
          `${key} is in the plan`,
        );
  });

  it('makes a planned deletion wait for the disks of a pod that joined since, covered or not', () => {
    const { covers: _, ...all } = goalOf('delete-workload');
    const planned = planFor([granted], all);
    for (const tier of TIERS) {
      const next = planFor([granted, elsewhere], goalOf(tier), 'delete-host', planned);
      const deletion = next.find(({ step }) => step === 'delete-workload') ?? assert.fail(tier);
      const gates = next.flatMap((item) => (item.step === 'snapshots-ready' ? [keyOf(item)] : []));
      assert.deepEqual(new Set(deletion.after), new Set(gates), tier);
      assert.equal(gates.length, 2, tier);
    }
  });
});

describe('the cap for pods that joined after a grant', () => {
  it('is what the policy lets run by itself, although the grant has no cap', () => {
    const goal = goalOf('delete-host', { otherwise: { tier: 'delete-workload' } });
    const incident = incidentOn({ subjects: [granted, elsewhere], goal });
    assert.equal(capOf(ACT, incident, NOW).tier, 'delete-host');
    assert.equal(capOf(ACT, ungranted(incident), NOW).tier, 'isolate');
  });
});
