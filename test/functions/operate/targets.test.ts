import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { SHOP } from '../../../local/world/seed.ts';
import { decisionKit, findingOn, podNamed, targetOf } from '../../kit/decision.ts';
import { ANA, cart, contain, incidentWith } from '../../kit/requests.ts';

const MINUTE = 60_000;

describe('operate, the target of a request', () => {
  it('takes the target of an incident as it is written there: its pod, with the UID of the controller', async () => {
    const kit = decisionKit();
    const { incident } = await kit.ask(contain(kit));
    const { target, subjects } = await incidentWith(kit, incident);
    assert.notEqual(target.uid, cart(kit).metadata.uid);
    const again = await kit.ask(contain(kit, { target, tier: 'delete-host' }));
    assert.deepEqual([again.state, again.incident], ['accepted', incident], again.outcome);
    assert.equal((await incidentWith(kit, incident)).subjects.length, subjects.length);
    const other = podNamed(kit, 'shop', 'debug-shell').metadata.name;
    for (const wrong of [
      { ...target, uid: '00000000-0000-4000-8000-000000000000' },
      { ...target, pod: other },
    ]) {
      const { state, outcome } = await kit.ask(contain(kit, { target: wrong }));
      assert.equal(state, 'refused');
      assert.match(outcome ?? '', /is now another object/);
    }
  });

  it('refuses a target whose names contradict each other', async () => {
    const kit = decisionKit();
    const target = targetOf(cart(kit));
    const { pod: _, ...place } = target;
    const workload = { kind: 'Deployment', name: 'cart' };
    const runsOn = String(cart(kit).spec?.nodeName);
    const elsewhere = kit.cluster.list('v1', 'Node').find(({ metadata }) => metadata.name !== runsOn);
    const node = elsewhere?.metadata.name;
    const wrong: Array<[object, RegExp]> = [
      [{ ...target, node }, /^field "target\.node": pod cart-\S+ runs on \S+, not on /],
      [{ ...target, instance: '1' }, /^field "target\.instance": pod cart-\S+ runs on \d+, not on 1;/],
      [{ ...target, workload: { ...workload, name: 'db' } }, /^field "target\.workload": .* to Deployment db;/],
      [
        { ...target, workload: { ...workload, kind: 'StatefulSet' } },
        /^field "target\.workload": .* to StatefulSet cart;/,
      ],
      [{ ...place, workload, node }, /^field "target\.workload": a workload is contained on every node/],
    ];
    for (const [named, sentence] of wrong) {
      const { state, outcome } = await kit.ask(contain(kit, { target: named }));
      assert.equal(state, 'refused', JSON.stringify(named));
      assert.match(outcome ?? '', sentence);
    }
    assert.deepEqual(await kit.incidents(), []);
    const { state, outcome } = await kit.ask(contain(kit, { target: { ...target, workload, node: runsOn } }));
    assert.equal(state, 'accepted', outcome);
  });

  it('acts on a named node, whatever incident holds a pod on it', async () => {
    const kit = decisionKit();
    const pod = cart(kit);
    await kit.decide(findingOn(kit, targetOf(pod)));
    const node = String(pod.spec?.nodeName);
    const { incident: id } = await kit.ask(contain(kit, { target: { ...SHOP, node } }));
    const incident = await incidentWith(kit, id);
    assert.deepEqual(
      incident.subjects.map((s) => s.kind),
      ['node'],
    );
    assert.equal((await kit.incidents()).length, 2);
  });

  it('begins nothing, by a request or an approval, in an incident that has a later episode', async () => {
    const kit = decisionKit('mode: act\nmodes: { quarantine: ask, snapshot: ask }');
    await kit.decide(findingOn(kit, targetOf(cart(kit))));
    const { id, decision } = await kit.incident();
    await kit.clock.advance(36 * MINUTE);
    await kit.decide(findingOn(kit, targetOf(cart(kit))));
    const later = (await kit.incidents()).find(({ episode }) => episode === 2) ?? assert.fail();
    const followed = `incident ${id} has run out: what came later on the same target is incident ${later.id}; act on that one`;
    const plan = decision?.asked?.plan;
    for (const request of [
      { action: 'approve', plan },
      { action: 'contain', tier: 'quarantine' },
    ]) {
      const { state, outcome } = await kit.ask({ ...request, incident: id, ...ANA });
      assert.deepEqual([state, outcome], ['refused', followed]);
    }
    assert.equal((await incidentWith(kit, id)).goal, null);
    const approve = { action: 'approve', incident: later.id, plan: later.decision?.asked?.plan, ...ANA };
    assert.equal((await kit.ask(approve)).state, 'accepted');
    assert.equal((await kit.ask({ action: 'reject', incident: id, plan, ...ANA })).state, 'accepted');
  });

  it('raises an incident named by its id', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, targetOf(cart(kit))));
    const { id } = await kit.incident();
    const record = await kit.ask({ action: 'contain', tier: 'redeploy', incident: id, ...ANA });
    assert.deepEqual(
      [record.state, record.incident, (await incidentWith(kit, id)).goal?.tier],
      ['accepted', id, 'redeploy'],
    );
  });
});
