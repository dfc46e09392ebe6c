import { strict as assert } from 'node:assert';
import { cart, replay } from '../../kit/carts.ts';
import { decisionKit, findingOn, type Kit } from '../../kit/decision.ts';

const containments = (kit: Kit): number => kit.published.filter(({ topic }) => topic === 'containment').length;

describe('decide, for a finding replayed from dead letters', () => {
  it('opens an incident, and only asks for what a live finding would have started', async () => {
    const kit = decisionKit();
    await replay(kit, findingOn(kit, cart(kit)));
    const { state, severity, goal, decision } = await kit.incident();
    assert.deepEqual([state, severity, goal], ['asking', 'high', null]);
    assert.deepEqual([decision?.verdict, decision?.tier, decision?.asked?.tier], ['ask', 'observe', 'quarantine']);
    assert.ok(decision?.because.includes('findings replayed from dead letters lead at most to an ask'));
    assert.equal(containments(kit), 0);
  });

  it('keeps asking at every tick and repetition, until an operator approves', async () => {
    const kit = decisionKit();
    const finding = findingOn(kit, cart(kit));
    for (let n = 0; n < 3; n += 1) {
      await replay(kit, finding);
      await kit.tick();
    }
    const { id, goal, decision } = await kit.incident();
    assert.equal(goal, null);
    const plan = decision?.asked?.plan;
    const who = { reason: 'looked at', requestedBy: 'ana@example.com' };
    await kit.ask({ id: 'r-1', action: 'approve', incident: id, plan, ...who });
    assert.equal((await kit.incident()).goal?.tier, 'quarantine');
  });

  it('does not raise the goal, and does not extend it to another pod', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, cart(kit)));
    const before = await kit.incident();
    await replay(kit, findingOn(kit, cart(kit, 1), { rule: 'exec-miner', severity: 'critical', confidence: 0.95 }));
    const after = await kit.incident();
    assert.equal(after.severity, 'critical');
    assert.deepEqual(after.goal, before.goal);
    assert.equal(after.decision?.tier, 'quarantine');
    assert.ok(after.decision?.asked !== undefined);
  });

  it('acts on a live finding, whatever was replayed before', async () => {
    const kit = decisionKit();
    await replay(kit, findingOn(kit, cart(kit), { severity: 'low', confidence: 0.2, conclusive: false }));
    await kit.decide(findingOn(kit, cart(kit)));
    assert.equal((await kit.incident()).goal?.tier, 'quarantine');
    assert.ok(containments(kit) > 0);
  });
});
