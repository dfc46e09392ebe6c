import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeOperate } from '../../../functions/operate/handler.ts';
import type { Envelope } from '../../../shared/envelope.ts';
import { cart } from '../../kit/carts.ts';
import { decisionKit, envelopeOf, findingOn, type Kit, podsNamed } from '../../kit/decision.ts';

const MINUTE = 60_000;
const ANA = { reason: 'seen in triage', requestedBy: 'ana@example.com' };
const HARMLESS = { severity: 'low', confidence: 0.2, conclusive: false } as const;

/** A request to isolate the pod of a workload, whose first delivery could not write the incident. */
const interrupted = async (kit: Kit): Promise<Envelope> => {
  const request = { id: 'r-1', action: 'contain', tier: 'isolate', target: cart(kit), ...ANA };
  const envelope = envelopeOf('requests', 'm-r', request, kit.clock.now());
  const { incidents } = kit.ports.stores;
  const { put } = incidents;
  incidents.put = () => Promise.reject(new Error('away'));
  await assert.rejects(makeOperate(kit.ports)(envelope), /away/);
  incidents.put = put;
  return envelope;
};

describe('a request that is carried into an incident', () => {
  it('begins nothing there if a later incident was opened on the target before it was delivered again', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, cart(kit), HARMLESS));
    const { id: first } = await kit.incident();
    await kit.clock.advance(29 * MINUTE);
    const envelope = await interrupted(kit);
    await kit.clock.advance(8 * MINUTE);
    await kit.decide(findingOn(kit, cart(kit)));
    await makeOperate(kit.ports)(envelope);
    const { state, outcome } = (await kit.ports.stores.requests.get('r-1')) ?? assert.fail('no record');
    assert.match(outcome ?? '', new RegExp(`^incident ${first} has run out`));
    assert.deepEqual([state, (await kit.ports.stores.incidents.get(first))?.goal], ['refused', null]);
  });

  it('begins nothing there if the incident was ended before it was delivered again', async () => {
    for (const action of ['close', 'release']) {
      const kit = decisionKit();
      await kit.decide(findingOn(kit, cart(kit), HARMLESS));
      const { id } = await kit.incident();
      const envelope = await interrupted(kit);
      await kit.ask({ action, incident: id, ...ANA });
      const { goal } = await kit.incident();
      await makeOperate(kit.ports)(envelope);
      const { state, outcome } = (await kit.ports.stores.requests.get('r-1')) ?? assert.fail('no record');
      assert.match(outcome ?? '', /was ended by another request at the same time: send it again$/);
      assert.deepEqual([state, (await kit.incident()).goal], ['refused', goal]);
    }
  });

  /** An incident that holds as many pods as it can, none of them the second cart. */
  const full = async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, cart(kit)));
    const known = await kit.incident();
    const [pod] = known.subjects;
    if (pod?.kind !== 'pod') return assert.fail('no pod');
    const others = Array.from({ length: 59 }, (_, n) => ({ ...pod, uid: `u-${n}`, name: `cart-${n}` }));
    await kit.ports.stores.incidents.put(known.id, { ...known, subjects: [pod, ...others] }, known.rev);
    return kit;
  };

  it('is refused for a pod that the incident cannot take in, which is not recorded as held', async () => {
    const kit = await full();
    const { goal } = await kit.incident();
    const record = await kit.ask({ action: 'contain', tier: 'quarantine', target: cart(kit, 1), ...ANA });
    assert.match(record.outcome ?? '', /^pod shop\/cart-\S+: nothing is done here, since .* contain its node/);
    assert.deepEqual([record.state, (await kit.incident()).goal], ['refused', goal]);
    const uid = podsNamed(kit, 'shop', 'cart-')[1]?.metadata.uid ?? '';
    assert.equal(await kit.ports.stores.subjects.get(uid), undefined);
  });

  it('can still contain the node of a pod that the incident cannot take in', async () => {
    const kit = await full();
    const { pod: _, namespace: __, ...place } = cart(kit, 1);
    const node = podsNamed(kit, 'shop', 'cart-')[1]?.spec?.nodeName;
    const record = await kit.ask({ action: 'contain', tier: 'isolate', target: { ...place, node }, ...ANA });
    assert.equal(record.outcome, 'isolate starts');
  });

  const scaled = (kit: Kit, replicas: number): Promise<void> => {
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
    kit.cluster.edit(ref, (draft) => Object.assign(draft.spec ?? {}, { replicas }));
    kit.world.settle();
    return kit.clock.advance(MINUTE);
  };
  const wholeCart = (kit: Kit) => {
    const { pod: _, ...place } = cart(kit);
    const target = { ...place, workload: { kind: 'Deployment', name: 'cart' } };
    return kit.ask({ action: 'contain', tier: 'quarantine', target, ...ANA });
  };

  it('names the pods of a workload that the incident cannot take in', async () => {
    const kit = decisionKit();
    await scaled(kit, 70);
    const { state, outcome } = await wholeCart(kit);
    assert.equal(state, 'accepted');
    assert.match(outcome ?? '', /^quarantine starts; pod shop\/cart-\S+: nothing is done here/);
    assert.match(outcome ?? '', /it has 70 pods, of which 60 are examined: nothing is done to the others$/);
  });

  it('names at the end of the wait the pods that the workload made meanwhile and the incident cannot take in', async () => {
    const kit = decisionKit();
    await scaled(kit, 58);
    await wholeCart(kit);
    await scaled(kit, 62);
    const told = async () => (await kit.incident()).outbox.filter(({ title }) => title.startsWith('Not all pods of'));
    await kit.tick();
    assert.deepEqual([(await kit.incident()).subjects.length, await told()], [60, []]);
    await kit.clock.advance(2 * MINUTE);
    await kit.tick();
    await kit.tick();
    assert.equal((await told()).length, 1);
    assert.match((await told())[0]?.lines.join() ?? '', /^pod shop\/cart-\S+, .*: nothing is done here/);
  });

  it('names a workload of which no more pods are awaited, since it was named before', async () => {
    const kit = decisionKit();
    assert.equal((await wholeCart(kit)).outcome, 'quarantine starts');
    await kit.clock.advance(3 * MINUTE);
    await kit.tick();
    await scaled(kit, 4);
    const { outcome } = await wholeCart(kit);
    assert.match(outcome ?? '', /; pods that Deployment shop\/cart makes from now on are not covered: send this again/);
    assert.equal((await kit.incident()).subjects.length, 5);
  });

  it('names the pods of the incident that only CPU use speaks against, and does nothing to them', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, cart(kit)));
    await kit.decide(findingOn(kit, cart(kit, 1), { rule: 'busy-cpu', family: 'cpu', conclusive: false }));
    const { id } = await kit.incident();
    const { outcome } = await kit.ask({ action: 'contain', tier: 'isolate', incident: id, ...ANA });
    const other = cart(kit, 1).pod;
    assert.ok(outcome?.startsWith(`isolate starts; nothing is done to pod shop/${other}: only CPU use`), outcome);
    await kit.ask({ action: 'contain', tier: 'isolate', target: cart(kit, 1), ...ANA });
    const again = await kit.ask({ action: 'contain', tier: 'isolate', incident: id, ...ANA });
    assert.doesNotMatch(again.outcome ?? '', /CPU/);
  });

  it('is refused if its target names a workload or node that is not that of the pod, and accepted if it is', async () => {
    const kit = decisionKit();
    const [pod] = podsNamed(kit, 'shop', 'cart-');
    const node = String(pod?.spec?.nodeName);
    const workload = { kind: 'Deployment', name: 'cart' };
    const ask = (over: object) =>
      kit.ask({ action: 'contain', tier: 'delete-workload', target: { ...cart(kit), ...over }, ...ANA });
    for (const [over, said] of [
      [{ workload: { kind: 'Deployment', name: 'ledger' } }, /is not known to belong to Deployment ledger; correct it/],
      [{ workload: { kind: 'StatefulSet', name: 'cart' } }, /is not known to belong to StatefulSet cart/],
      [{ node: `${node}-2` }, /runs on \S+, not on \S+-2/],
      [{ instance: '77' }, /runs on \d+, not on 77/],
      [{ workload, node: `${node}-2` }, /not on \S+-2/],
      [{ workload, pod: undefined, node }, /a workload is contained on every node/],
    ] as const) {
      const { state, outcome } = await ask(over);
      assert.match(outcome ?? '', said);
      assert.deepEqual([state, await kit.incidents()], ['refused', []]);
    }
    assert.equal((await ask({ workload, node })).state, 'accepted');
    kit.cluster.edit({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod?.metadata.name ?? '' }, (draft) => {
      draft.metadata.ownerReferences = [];
    });
    assert.equal((await ask({ workload })).state, 'accepted', 'also when it was taken out of its workload');
  });
});
