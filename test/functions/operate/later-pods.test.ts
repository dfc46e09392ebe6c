import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { SHOP } from '../../../local/world/seed.ts';
import { appliedEntry, decisionKit, findingOn, podsNamed, targetOf } from '../../kit/decision.ts';
import { contain, incidentWith } from '../../kit/requests.ts';

const MINUTE = 60_000;

describe('operate, pods and nodes that come after a request', () => {
  it('takes all pods of a named workload, and those made in the next two minutes', async () => {
    const kit = decisionKit();
    const target = { ...SHOP, namespace: 'shop', workload: { kind: 'Deployment', name: 'cart' } };
    const { incident: id } = await kit.ask(contain(kit, { target }));
    assert.equal((await incidentWith(kit, id)).subjects.filter((s) => s.kind === 'pod').length, 3);
    await kit.carryOut(String(id));
    const scale = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
    kit.cluster.edit(scale, (draft) => Object.assign(draft.spec ?? {}, { replicas: 4 }));
    await kit.clock.advance(MINUTE);
    await kit.tick();
    const grown = await incidentWith(kit, id);
    assert.equal(grown.subjects.filter((s) => s.kind === 'pod').length, 4);
    for (const { uid } of grown.subjects) assert.deepEqual((await kit.ports.stores.subjects.get(uid))?.incidents, [id]);
    assert.deepEqual([grown.goal?.rev, grown.goal?.tier, grown.goal?.requested], [2, 'isolate', true]);
    await kit.clock.advance(MINUTE);
    await kit.tick();
    assert.equal((await incidentWith(kit, id)).podsUntil, undefined);
    kit.cluster.edit(scale, (draft) => Object.assign(draft.spec ?? {}, { replicas: 5 }));
    await kit.tick();
    assert.equal((await incidentWith(kit, id)).subjects.filter((s) => s.kind === 'pod').length, 4);
  });

  it('takes the node that a pod gets in the next two minutes, and says so if there is none by then', async () => {
    for (const isPlaced of [true, false]) {
      const kit = decisionKit();
      kit.cluster.apply({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'late', namespace: 'shop' },
        spec: { nodeSelector: { pool: 'new' }, containers: [{ name: 'late', image: 'shop.example.com/late:1' }] },
      });
      const asked = await kit.ask(contain(kit, { target: { ...SHOP, namespace: 'shop', pod: 'late' } }));
      assert.match(asked.outcome ?? '', /pod late has no node yet/);
      const { id } = await kit.incident();
      await kit.carryOut(id);
      const [node] = kit.cluster.list('v1', 'Node');
      const { name = '' } = node?.metadata ?? {};
      await kit.clock.advance(MINUTE);
      await kit.tick();
      assert.equal((await kit.incident()).goal?.rev, 1);
      if (isPlaced)
        kit.cluster.edit({ apiVersion: 'v1', kind: 'Node', name }, ({ metadata }) => {
          metadata.labels = { ...metadata.labels, pool: 'new' };
        });
      kit.world.settle();
      await kit.clock.advance(MINUTE - 1);
      await kit.tick();
      await kit.clock.advance(1);
      await kit.tick();
      const { subjects, goal, nodesUntil, dueAt, outbox } = await kit.incident();
      const host = subjects.flatMap((s) => (s.kind === 'pod' ? [s.host] : []))[0];
      assert.deepEqual(
        [host?.node, goal?.rev, nodesUntil],
        isPlaced ? [name, 2, undefined] : [undefined, 1, undefined],
      );
      if (host !== undefined) assert.deepEqual((await kit.ports.stores.subjects.get(host.id))?.incidents, [id]);
      if (!isPlaced) assert.equal(dueAt, undefined);
      assert.equal(outbox.at(-1)?.title === 'There is no node yet for pod shop/late', !isPlaced);
    }
  });

  it('takes no pod that only replaces one which was taken away, but takes another new pod', async () => {
    const kit = decisionKit();
    const target = { ...SHOP, namespace: 'shop', workload: { kind: 'Deployment', name: 'cart' } };
    const { incident: id } = await kit.ask(contain(kit, { target }));
    const pods = podsNamed(kit, 'shop', 'cart-');
    assert.equal(pods.length, 3);
    await kit.carryOut(
      String(id),
      pods.map(({ metadata: { uid, name } }) => ({ ...appliedEntry(kit), uid, subject: `shop/${name}` })),
    );
    for (const { metadata } of pods) {
      const { name } = metadata;
      kit.cluster.edit({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name }, (draft) => {
        Object.assign(draft.metadata, { labels: { quarantine: 'true' } });
      });
    }
    kit.world.settle();
    await kit.clock.advance(MINUTE);
    assert.equal(podsNamed(kit, 'shop', 'cart-').length, 6, 'each is replaced');
    await kit.tick();
    const held = async () => (await incidentWith(kit, id)).subjects.filter((s) => s.kind === 'pod').length;
    assert.equal(await held(), 3);
    const scale = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
    kit.cluster.edit(scale, (draft) => Object.assign(draft.spec ?? {}, { replicas: 4 }));
    await kit.clock.advance(MINUTE / 2);
    await kit.tick();
    assert.equal(await held(), 4);
  });

  it('takes no pod of a workload that was made again under the same name since', async () => {
    const kit = decisionKit();
    const workload = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
    const target = { ...SHOP, namespace: 'shop', workload: { kind: 'Deployment', name: 'cart' } };
    const { incident: id } = await kit.ask(contain(kit, { target }));
    const { subjects } = await incidentWith(kit, id);
    const { metadata, spec } = kit.cluster.get(workload) ?? assert.fail();
    const { name, namespace, labels } = metadata;
    kit.cluster.drop(workload);
    await kit.clock.advance(MINUTE);
    kit.world.settle();
    kit.cluster.apply({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace, labels }, spec });
    kit.world.settle();
    assert.equal(podsNamed(kit, 'shop', 'cart-').length, 3);
    await kit.tick();
    assert.deepEqual((await incidentWith(kit, id)).subjects, subjects);
  });

  it('takes no pod that the workload makes later, however late the tick that ends the wait', async () => {
    const kit = decisionKit();
    const target = { ...SHOP, namespace: 'shop', workload: { kind: 'Deployment', name: 'cart' } };
    const { incident: id } = await kit.ask(contain(kit, { target }));
    const { subjects } = await incidentWith(kit, id);
    await kit.clock.advance(60 * MINUTE);
    const scale = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
    kit.cluster.edit(scale, (draft) => Object.assign(draft.spec ?? {}, { replicas: 5 }));
    await kit.clock.advance(MINUTE);
    const made = podsNamed(kit, 'shop', 'cart-').filter(({ metadata }) =>
      subjects.every((s) => s.uid !== metadata.uid),
    );
    const [seen, other] = made.map((pod) => targetOf(pod));
    if (seen === undefined || other === undefined) throw new Error('the workload made no two pods');
    await kit.decide(findingOn(kit, seen, { severity: 'low', confidence: 0.2, conclusive: false }));
    const joined = await incidentWith(kit, id);
    assert.deepEqual([joined.subjects.length, joined.goal?.covers?.length], [subjects.length + 1, subjects.length]);
    await kit.tick();
    assert.equal((await incidentWith(kit, id)).subjects.length, subjects.length + 1);
  });
});
