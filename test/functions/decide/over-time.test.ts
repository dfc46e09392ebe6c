import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { appliedEntry, decisionKit, findingOn, type Kit, podNamed, podsNamed, targetOf } from '../../kit/decision.ts';

const MINUTE = 60_000;
const cart = (kit: Kit) => podNamed(kit, 'shop', 'cart-');

describe('decide, over time', () => {
  it('opens the next episode when the window is over, and not before', async () => {
    const kit = decisionKit();
    const target = targetOf(cart(kit));
    await kit.decide(findingOn(kit, target));
    const { id } = await kit.incident();
    await kit.carryOut(id);
    await kit.clock.advance(30 * MINUTE);
    await kit.decide(findingOn(kit, target));
    await kit.incident();
    await kit.clock.advance(30 * MINUTE + 1);
    await kit.decide(findingOn(kit, target));
    const all = await kit.incidents();
    assert.deepEqual(
      all.map((i) => [i.key, i.episode]),
      [
        [all[0]?.key, 1],
        [all[0]?.key, 2],
      ],
    );
  });

  it('gives the id of an incident that has expired to no other one', async () => {
    const kit = decisionKit();
    const target = targetOf(cart(kit));
    for (const begin of ['finding', 'request']) {
      await kit.decide(findingOn(kit, target));
      const { id, episode } = await kit.incident();
      await kit.ports.stores.incidents.delete(id);
      await kit.clock.advance(401 * 24 * 60 * MINUTE);
      if (begin === 'finding') await kit.decide(findingOn(kit, target));
      else await kit.ask({ action: 'contain', tier: 'snapshot', target, reason: 'x', requestedBy: 'ana@example.com' });
      assert.equal((await kit.incident()).episode, episode + 1, begin);
    }
  });

  it('lets no two episodes of one pod begin something, whichever of two findings of an outage is faster', async () => {
    for (const first of ['earlier', 'later'] as const) {
      const kit = decisionKit();
      const target = targetOf(cart(kit), true);
      await kit.decide(findingOn(kit, target, { severity: 'low', confidence: 0.2, conclusive: false }));
      await kit.clock.advance(20 * MINUTE);
      const earlier = findingOn(kit, target);
      await kit.clock.advance(40 * MINUTE);
      const later = findingOn(kit, target);
      const [one, other] = first === 'earlier' ? [earlier, later] : [later, earlier];
      const { findings } = kit.ports.stores;
      let isPut = false;
      const put: typeof findings.put = async (...given) => {
        const stored = await findings.put(...given);
        if (!isPut) {
          isPut = true;
          await kit.decide(other);
        }
        return stored;
      };
      kit.ports.stores = { ...kit.ports.stores, findings: { ...findings, put } };
      await kit.decide(one);
      assert.ok(isPut);
      for (const again of [one, other]) await kit.decide(again);
      const begun = (await kit.incidents()).filter(({ goal }) => goal !== null);
      const places = await Promise.all([one, other].map(async ({ id }) => (await findings.get(id))?.incident));
      assert.deepEqual([begun.length, ...places], [1, begun[0]?.id, begun[0]?.id], first);
    }
  });

  it('takes over what a closed incident left, also where episodes were counted and never opened since', async () => {
    const kit = decisionKit();
    const target = targetOf(cart(kit), true);
    await kit.decide(findingOn(kit, target));
    const { id } = await kit.incident();
    await kit.carryOut(id, [appliedEntry(kit)]);
    await kit.ask({ action: 'close', incident: id, reason: 'x', requestedBy: 'ana@example.com' });
    const { incidents } = kit.ports.stores;
    for (let days = 0; days < 2; days += 1) {
      kit.ports.stores.incidents = { ...incidents, put: () => Promise.reject(new Error('the store is down')) };
      await assert.rejects(kit.decide(findingOn(kit, target)));
      await kit.clock.advance(25 * 60 * MINUTE);
    }
    kit.ports.stores.incidents = incidents;
    await kit.decide(findingOn(kit, target));
    const next = (await kit.incidents()).find(({ episode }) => episode > 1) ?? assert.fail('none');
    assert.deepEqual([next.episode, next.takesOver], [4, id]);
  });

  it('opens no episode any more that was only counted, once a later one is there', async () => {
    const kit = decisionKit();
    const target = targetOf(cart(kit), true);
    const lost = findingOn(kit, target);
    const { incidents } = kit.ports.stores;
    kit.ports.stores.incidents = { ...incidents, put: () => Promise.reject(new Error('the store is down')) };
    await assert.rejects(kit.decide(lost));
    kit.ports.stores.incidents = incidents;
    await kit.clock.advance(25 * 60 * MINUTE);
    await kit.decide(findingOn(kit, target));
    await kit.decide(lost);
    const { id, episode } = await kit.incident();
    assert.deepEqual([episode, (await kit.ports.stores.findings.get(lost.id))?.incident], [2, id]);
  });

  it('extends the window from the last finding, even if that was not written to the incident', async () => {
    const kit = decisionKit();
    const target = targetOf(cart(kit), true);
    await kit.decide(findingOn(kit, target));
    await kit.carryOut((await kit.incident()).id);
    await kit.clock.advance(4 * MINUTE);
    const writes = kit.writes();
    await kit.decide(findingOn(kit, target));
    assert.equal(kit.writes(), writes);
    await kit.clock.advance(29 * MINUTE);
    await kit.decide(findingOn(kit, target));
    await kit.incident();
  });

  it('adds every finding to the incident while changes are in force', async () => {
    const kit = decisionKit();
    const target = targetOf(cart(kit));
    await kit.decide(findingOn(kit, target));
    await kit.carryOut((await kit.incident()).id, [appliedEntry(kit)]);
    await kit.clock.advance(48 * 60 * MINUTE);
    await kit.decide(findingOn(kit, target));
    assert.equal((await kit.incident()).summary.count, 2);
  });

  it('carries out what it had only tried in a dry run, once the policy acts, and nothing else', async () => {
    const kit = decisionKit('mode: dry-run');
    const target = targetOf(cart(kit));
    await kit.decide(findingOn(kit, target, { confidence: 0.8 }));
    const { id, goal: played } = await kit.incident();
    assert.deepEqual([played?.rev, played?.mode], [1, 'dry-run']);
    await kit.carryOut(id);
    await kit.decide(findingOn(kit, target, { confidence: 0.81 }));
    assert.deepEqual((await kit.incident()).goal, played, 'still a dry run: nothing to begin');
    kit.ports.policy = { ...kit.ports.policy, mode: 'act' };
    await kit.decide(findingOn(kit, target, { confidence: 0.82 }));
    const { goal } = await kit.incident();
    assert.deepEqual([goal?.rev, goal?.mode, goal?.tier], [2, 'act', played?.tier]);
    await kit.decide(findingOn(kit, target, { confidence: 0.83 }));
    assert.deepEqual((await kit.incident()).goal, goal, 'it acts already');
    kit.ports.policy = { ...kit.ports.policy, mode: 'dry-run' };
    await kit.decide(findingOn(kit, target, { confidence: 0.84 }));
    assert.deepEqual((await kit.incident()).goal, goal, 'what acts is capped by the policy, and is no other goal');
  });

  it('says that nothing is done to a pod that a full incident cannot take in', async () => {
    const kit = decisionKit();
    const workload = { kind: 'Deployment', name: 'cart' };
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
    kit.cluster.edit(ref, (draft) => Object.assign(draft.spec ?? {}, { replicas: 70 }));
    kit.world.settle();
    await kit.clock.advance(MINUTE);
    const { pod: _, ...place } = targetOf(cart(kit));
    const who = { reason: 'seen in triage', requestedBy: 'ana@example.com' };
    await kit.ask({ action: 'contain', tier: 'quarantine', target: { ...place, workload }, ...who });
    const { subjects } = await kit.incident();
    const pods = podsNamed(kit, 'shop', 'cart-');
    const left =
      pods.find(({ metadata }) => subjects.every((s) => s.uid !== metadata.uid)) ?? assert.fail('all are held');
    const miner = { rule: 'exec-miner', severity: 'critical', confidence: 0.95 } as const;
    await kit.decide(findingOn(kit, targetOf(left), miner));
    const { findings, outbox } = await kit.incident();
    const said = `pod shop/${left.metadata.name}: nothing is done here, since this incident holds 60 already; contain its node, or delete it by hand`;
    assert.ok(findings.some(({ because }) => because.includes(said)));
    assert.ok(outbox.some(({ lines }) => lines.includes(said)));
  });
});
