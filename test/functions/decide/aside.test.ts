import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { planOf } from '../../../shared/decision/plan.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { cart, replay } from '../../kit/carts.ts';
import { decisionKit, findingOn, type Kit, podsNamed, targetOf } from '../../kit/decision.ts';

const ANA = { reason: 'looked at', requestedBy: 'ana@example.com' };
const MINER = { rule: 'exec-miner', severity: 'critical', confidence: 0.95 } as const;

/** The pods that the incident's goal quarantines, and whether it freezes their workload. */
const planned = ({ goal, ...incident }: Incident) => {
  if (goal === null || goal.tier === 'released' || goal.tier === 'closed') return { pods: [], freezes: false };
  const plan = planOf({ ...incident, goal }, goal.tier, goal, { networkPolicy: true });
  return {
    pods: plan.filter(({ step }) => step === 'quarantine-pod').map(({ subject }) => subject.slice('shop/'.length)),
    freezes: plan.some(({ step }) => step === 'freeze-workload'),
  };
};
const first = (kit: Kit) => ({ pods: [cart(kit).pod], freezes: false });
const both = (kit: Kit, freezes: boolean) => ({ pods: [cart(kit).pod, cart(kit, 1).pod].sort(), freezes });
const now = async (kit: Kit) => {
  const { pods, freezes } = planned(await kit.incident());
  return { pods: pods.sort(), freezes };
};
const told = async (kit: Kit) =>
  (await kit.incident()).outbox.filter(({ title }) => title.includes(': nothing is done to pod shop/cart-'));

describe('a pod that only replayed findings are about', () => {
  it('is not contained with the other pods of its incident, now or after another live finding', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, cart(kit)));
    await replay(kit, findingOn(kit, cart(kit, 1)));
    assert.deepEqual(await now(kit), first(kit));
    const [notice, ...more] = await told(kit);
    assert.deepEqual([more, notice?.lines.length], [[], 2]);
    await kit.decide(findingOn(kit, cart(kit), { rule: 'spec-privileged', family: 'exec', confidence: 0.8 }));
    await kit.decide(findingOn(kit, cart(kit)));
    assert.deepEqual(await now(kit), first(kit));
    assert.equal((await told(kit)).length, 1, 'once');
  });

  it('is contained as soon as a live finding is about it', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, cart(kit)));
    await replay(kit, findingOn(kit, cart(kit, 1)));
    const { goal } = await kit.incident();
    await kit.decide(findingOn(kit, cart(kit, 1)));
    assert.deepEqual(await now(kit), both(kit, true));
    assert.ok(((await kit.incident()).goal?.rev ?? 0) > (goal?.rev ?? 0));
    await replay(kit, findingOn(kit, cart(kit, 1)));
    assert.deepEqual(await now(kit), both(kit, true), 'a replay takes nothing back');
  });

  it('is contained as soon as a live finding is about it by its UID, for which nothing is read again', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, cart(kit)));
    const second = targetOf(podsNamed(kit, 'shop', 'cart-')[1] ?? assert.fail(), true);
    await replay(kit, findingOn(kit, second));
    assert.deepEqual(await now(kit), first(kit));
    await kit.decide(findingOn(kit, second));
    assert.deepEqual(await now(kit), both(kit, true));
  });

  it('is contained if an operator asks for it, or approves what the replayed finding asks for', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, cart(kit)));
    await replay(kit, findingOn(kit, cart(kit, 1)));
    const { id } = await kit.incident();
    await kit.ask({ action: 'contain', tier: 'quarantine', incident: id, ...ANA });
    assert.deepEqual((await now(kit)).pods, both(kit, false).pods);
    await kit.decide(findingOn(kit, cart(kit), { rule: 'spec-privileged', family: 'spec', confidence: 0.8 }));
    await kit.decide(findingOn(kit, cart(kit), { ...MINER, confidence: 0.8 }));
    const raised = await kit.incident();
    assert.deepEqual([raised.goal?.tier, raised.goal?.requested], ['isolate', false]);
    assert.deepEqual((await now(kit)).pods, both(kit, false).pods, 'also under a higher goal of the policy');
    const other = decisionKit('mode: act\nmodes: { delete-workload: ask }\n');
    await other.decide(findingOn(other, cart(other)));
    await replay(other, findingOn(other, cart(other, 1), MINER));
    const asking = await other.incident();
    assert.deepEqual([asking.decision?.asked?.tier, await told(other)], ['delete-workload', []]);
    const plan = asking.decision?.asked?.plan;
    assert.equal((await other.ask({ action: 'approve', incident: asking.id, plan, ...ANA })).state, 'accepted');
    assert.deepEqual((await now(other)).pods, both(other, false).pods);
  });

  it('is left out, and people are told, also if its finding came before the live one about another pod', async () => {
    const kit = decisionKit();
    await replay(kit, findingOn(kit, cart(kit, 1)));
    assert.equal((await kit.incident()).decision?.asked?.tier, 'quarantine');
    await kit.decide(findingOn(kit, cart(kit)));
    assert.deepEqual(await now(kit), first(kit));
    assert.equal((await told(kit)).length, 1);
  });

  it('does not have its workload frozen because of its spec', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, cart(kit)));
    await replay(kit, findingOn(kit, cart(kit), { rule: 'spec-privileged', family: 'spec', confidence: 0.8 }));
    await kit.decide(findingOn(kit, cart(kit)));
    assert.equal((await now(kit)).freezes, false);
  });

  it('is not covered by what an operator was granted before, and people are told once', async () => {
    const kit = decisionKit();
    await kit.ask({ action: 'contain', tier: 'quarantine', target: cart(kit), ...ANA });
    await replay(kit, findingOn(kit, cart(kit, 1)));
    await kit.decide(findingOn(kit, cart(kit)));
    assert.deepEqual(await now(kit), first(kit));
    assert.equal((await told(kit)).length, 1);
    const { outbox, decision } = await kit.incident();
    assert.ok(!outbox.some(({ title }) => title.includes('was not granted')));
    assert.ok(!decision?.because.some((line) => line.includes('the policy decides for them')));
  });
});
