import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { SHOP } from '../../../local/world/seed.ts';
import { holdSubjects } from '../../../shared/decision/hold.ts';
import { resolve } from '../../../shared/decision/resolve.ts';
import { putIncident } from '../../../shared/incidents.ts';
import type { Target } from '../../../shared/model/target.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { incidentOn, NOW, pod } from './fixtures.ts';
import { CART, cart, NODE, object, portsOf, resolved, VM } from './resolving.ts';

describe('resolving nodes and other targets', () => {
  const instance: Target = { ...SHOP, instance: VM.id };
  const annotated = object('Node', 'n1', 'node-1', {
    spec: NODE.spec,
    metadata: { annotations: { 'container.googleapis.com/instance_id': VM.id } },
  });

  it('finds a node by the instance id alone', async () => {
    const { key, subjects } = await resolved(portsOf({ objects: [annotated] }), instance);
    assert.deepEqual([key, subjects.map((s) => [s.kind, s.uid])], [VM.id, [['node', VM.id]]]);
  });

  it('takes an instance for an incident without its cluster only in the same project, and while that is open', async () => {
    const ports = portsOf({ objects: [] });
    const held = pod({ host: { id: VM.id, node: 'n1', nodeUid: 'node-1' } });
    const incident = incidentOn({ subjects: [held], target: { ...SHOP, namespace: 'shop', pod: 'cart-1' } });
    await putIncident({ ...ports, bus: { publish: async () => '1' } }, incident, null);
    await holdSubjects(ports.stores, incident.id, incident.subjects, []);
    const keyOf = async (project: string, at: number) => {
      const options = { labelKeys: [], attribute: true };
      const answer = await resolve(ports, { project, instance: VM.id }, timeOf(at), options);
      return 'refused' in answer ? answer.refused : answer.key;
    };
    assert.equal(await keyOf(SHOP.project, NOW), incident.key);
    assert.notEqual(await keyOf('p2', NOW), incident.key);
    assert.notEqual(await keyOf(SHOP.project, NOW + 86_400_000 * 2), incident.key);
  });

  it('says where a cluster has too many nodes to find one by its instance id', async () => {
    const none = { objects: [], instance: async () => undefined, cut: 'the cluster has more' };
    const { subjects, notes } = await resolved(portsOf(none), instance);
    assert.deepEqual([subjects, notes], [[], [`instance ${VM.id} was not found: the cluster has more`]]);
    const found = await resolved(portsOf({ objects: [annotated], cut: 'the cluster has more' }), instance);
    assert.equal(found.subjects.length, 1);
  });

  it('finds a node by its name only if it existed before the event', async () => {
    const young = object('Node', 'n1', 'node-1', {
      spec: NODE.spec,
      metadata: { creationTimestamp: timeOf(NOW + 3000) },
    });
    const named = await resolved(portsOf({ objects: [young] }), { ...SHOP, node: 'n1' });
    assert.deepEqual([named.subjects, named.notes.length], [[], 1]);
    for (const meant of [{ instance: VM.id }, { uid: 'node-1' }, { uid: VM.id }]) {
      const byId = await resolved(portsOf({ objects: [young] }), { ...SHOP, node: 'n1', ...meant });
      assert.equal(byId.subjects.length, 1, JSON.stringify(meant));
    }
  });

  it('does not take a node whose VM has another id', async () => {
    const answer = await resolved(portsOf({ objects: [] }), { ...SHOP, node: 'n1', instance: '99' });
    assert.deepEqual([answer.subjects, answer.key], [[], '99']);
  });

  it('brings a node alert to the incident of a pod on the node, but a request to the node itself', async () => {
    const ports = portsOf({ objects: [] });
    const held = pod({ host: { id: VM.id, node: 'n1', nodeUid: 'node-1' } });
    const incident = incidentOn({ subjects: [held], target: { ...SHOP, namespace: 'shop', pod: 'cart-1' } });
    const bus = { publish: async () => '1' };
    await putIncident({ ...ports, bus }, incident, null);
    await holdSubjects(ports.stores, incident.id, incident.subjects, []);
    const node: Target = { ...SHOP, node: 'n1' };
    assert.deepEqual(await resolved(ports, node), {
      key: incident.key,
      target: incident.target,
      subjects: [],
      notes: [],
    });
    const asked = await resolve(ports, node, timeOf(NOW), { labelKeys: [], attribute: false });
    assert.equal('refused' in asked ? undefined : asked.key, VM.id);
  });

  const nothing: Array<[string, Target, RegExp]> = [
    [
      'a workload of a kind that cannot be looked up',
      { ...SHOP, namespace: 'shop', workload: { kind: 'Rollout', name: 'cart' } },
      /name its pod/,
    ],
    [
      'a workload that is gone',
      { ...SHOP, namespace: 'shop', workload: { kind: 'Deployment', name: 'cart' } },
      /does not exist now/,
    ],
    ['a pod without its namespace', { ...SHOP, pod: 'cart-1' }, /without its namespace/],
    ['a node that is gone', { ...SHOP, node: 'n9' }, /does not exist now/],
  ];
  for (const [what, target, sentence] of nothing)
    it(`finds nothing for ${what}, and says why`, async () => {
      const { subjects, notes } = await resolved(portsOf({ objects: [] }), target);
      assert.deepEqual(subjects, []);
      assert.match(notes[0] ?? '', sentence);
    });

  it('takes neither a pod nor a workload that is another object than the one that was meant', async () => {
    const young = { metadata: { creationTimestamp: timeOf(NOW + 3000) } };
    const job = { apiVersion: 'batch/v1', spec: { selector: { matchLabels: { job: 'pack' } } } };
    const objects = (over: object = {}) => [cart([], over), object('Job', 'pack', 'job-1', { ...job, ...over })];
    const named = { ...SHOP, namespace: 'shop', workload: { kind: 'Job', name: 'pack' } };
    for (const [target, what] of [
      [CART, 'pod shop/cart-1'],
      [named, 'Job shop/pack'],
    ] as const) {
      assert.equal((await resolved(portsOf({ objects: objects() }), target)).subjects.length, 1);
      const later = await resolved(portsOf({ objects: objects(young) }), target);
      assert.deepEqual(later.subjects, []);
      assert.match(
        later.notes.join(),
        new RegExp(`^${what} was created at \\S+, after the event of \\S+: it is another`),
      );
      const other = await resolved(portsOf({ objects: objects(young) }), { ...target, uid: 'uid-9' });
      assert.deepEqual([other.subjects, other.key], [[], 'uid-9']);
      assert.match(
        other.notes.join(),
        new RegExp(`^${what} is now another object \\(UID \\S+, not uid-9\\): no action`),
      );
    }
    const meant = await resolved(portsOf({ objects: objects(young) }), { ...CART, uid: 'pod-1' });
    assert.equal(meant.subjects.length, 1);
  });

  it('takes a pod that an open incident holds as it is known there, without reading it again', async () => {
    const known = { host: { id: VM.id, node: 'n1', nodeUid: 'node-1' }, namespace: 'shop' };
    const subjects = [pod({ ...known, uid: 'pod-0', name: 'cart-0' }), pod({ ...known, cpuOnly: true })];
    const asked: Target = { ...CART, uid: 'pod-1' };
    for (const [held, at, isHeld] of [
      [subjects, NOW, true],
      [[pod({ ...known, host: undefined })], NOW, false],
      [subjects, NOW + 86_400_000 * 2, false],
    ] as const) {
      const ports = portsOf({ objects: [] });
      const incident = incidentOn({ subjects: [...held], target: { ...CART, pod: 'cart-0' } });
      await putIncident({ ...ports, bus: { publish: async () => '1' } }, incident, null);
      await holdSubjects(ports.stores, incident.id, incident.subjects, []);
      const answer = await resolve(ports, asked, timeOf(at), { labelKeys: [], attribute: true });
      const { key, target } = incident;
      assert.deepEqual(
        answer,
        isHeld
          ? { key, target, subjects: [pod(known)], notes: [] }
          : { key, target: asked, subjects: [], notes: ['pod shop/cart-1 does not exist now'] },
      );
    }
  });
});
