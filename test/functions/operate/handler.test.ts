import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeOperate } from '../../../functions/operate/handler.ts';
import { SHOP } from '../../../local/world/seed.ts';
import { Malformed } from '../../../shared/errors.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import {
  appliedEntry,
  decisionKit,
  envelopeOf,
  findingOn,
  type Kit,
  podNamed,
  podsNamed,
  targetOf,
} from '../../kit/decision.ts';

const MINUTE = 60_000;
const ANA = { reason: 'seen in triage', requestedBy: 'ana@example.com' };
const cart = (kit: Kit) => podNamed(kit, 'shop', 'cart-');
const contain = (kit: Kit, over: object = {}) => ({
  action: 'contain',
  tier: 'isolate',
  target: targetOf(cart(kit)),
  ...ANA,
  ...over,
});
const containments = (kit: Kit) => kit.published.filter((p) => p.topic === 'containment').length;
const of = async (kit: Kit, id: string | undefined): Promise<Incident> => {
  const found = id === undefined ? undefined : await kit.ports.stores.incidents.get(id);
  if (found === undefined) throw new Error(`there is no incident ${id}`);
  return found;
};
/** Decides a finding on a pod that asks for delete-workload. */
const asking = async (kit: Kit): Promise<Incident> => {
  await kit.decide(findingOn(kit, targetOf(cart(kit)), { rule: 'exec-miner', severity: 'critical', confidence: 0.95 }));
  return kit.incident();
};

describe('operate, contain', () => {
  it('takes a name to mean the object that bore it when the request was made', async () => {
    const named = (kit: Kit) => podNamed(kit, 'shop', 'debug-shell');
    for (const isAfter of [true, false]) {
      const kit = decisionKit();
      const { metadata, spec } = named(kit);
      const at = timeOf(kit.clock.now());
      const { name, namespace, uid } = metadata;
      await kit.clock.advance(MINUTE);
      kit.cluster.drop({ apiVersion: 'v1', kind: 'Pod', namespace: namespace ?? '', name });
      kit.cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: namespace ?? '' }, spec });
      await kit.clock.advance(MINUTE);
      assert.notEqual(named(kit).metadata.uid, uid);
      const { state, outcome } = await kit.ask(
        contain(kit, { target: targetOf(named(kit)), ...(isAfter ? {} : { at }) }),
      );
      assert.equal(state, isAfter ? 'accepted' : 'refused', outcome);
      if (!isAfter) assert.deepEqual((await kit.ports.stores.incidents.list({})).items, []);
    }
  });

  it('opens an incident without any finding', async () => {
    const kit = decisionKit();
    const record = await kit.ask(contain(kit, { stopFirst: true, forensics: true }));
    assert.deepEqual([record.state, record.outcome], ['accepted', 'isolate starts']);
    const incident = await of(kit, record.incident);
    assert.deepEqual(
      [incident.severity, incident.confidence, incident.decision?.verdict, incident.decision?.tier],
      [null, null, 'act', 'isolate'],
    );
    const { goal } = incident;
    assert.deepEqual(
      [goal?.rev, goal?.tier, goal?.by, goal?.requested, goal?.stopFirst, goal?.options],
      [1, 'isolate', 'ana@example.com', true, true, { forensics: true }],
    );
    assert.deepEqual(incident.decision?.because, ['requested by ana@example.com: seen in triage']);
    assert.equal(containments(kit), 1);
    assert.deepEqual((await kit.ports.stores.subjects.get(cart(kit).metadata.uid))?.incidents, [incident.id]);
  });

  it("joins and raises the incident of the pod's workload, and no finding lowers it again", async () => {
    const kit = decisionKit();
    const pod = cart(kit);
    await kit.decide(findingOn(kit, targetOf(pod)));
    const record = await kit.ask(contain(kit));
    const raised = await kit.incident();
    assert.equal(record.incident, raised.id);
    assert.deepEqual([raised.goal?.rev, raised.goal?.tier, raised.goal?.requested], [2, 'isolate', true]);
    await kit.decide(
      findingOn(kit, targetOf(pod), { rule: 'spec-privileged', family: 'spec', severity: 'medium', confidence: 0.5 }),
    );
    const after = await kit.incident();
    assert.deepEqual([after.goal?.tier, after.goal?.requested, after.decision?.tier], ['isolate', true, 'isolate']);
    assert.equal(after.decision?.asked, undefined);
  });

  it('says which options the tier has no step for', async () => {
    const kit = decisionKit();
    const all = { investigate: true, forensics: true, sandbox: true, drain: true };
    const { outcome } = await kit.ask(contain(kit, { tier: 'snapshot', ...all }));
    assert.equal(
      outcome,
      'snapshot starts; investigate adds nothing to snapshot, only to isolate; sandbox adds nothing to snapshot, only to redeploy; drain adds nothing to snapshot, only to isolate',
    );
    assert.match((await kit.ask(contain(kit, { ...all, sandbox: false }))).outcome ?? '', /^isolate starts$/);
  });

  it('does not lower a running goal', async () => {
    const kit = decisionKit();
    await kit.ask(contain(kit));
    const record = await kit.ask(contain(kit, { tier: 'snapshot' }));
    assert.equal(record.state, 'accepted');
    assert.match(record.outcome ?? '', /isolate instead of snapshot: the goal is already isolate/);
    assert.equal((await kit.incident()).goal?.tier, 'isolate');
  });

  it('is capped by protection, and says so', async () => {
    const kit = decisionKit();
    const pod = kit.cluster.list('v1', 'Pod', 'kube-system')[0];
    assert.ok(pod !== undefined);
    const record = await kit.ask(contain(kit, { target: targetOf(pod) }));
    assert.match(record.outcome ?? '', /snapshot instead of isolate: namespace kube-system is protected/);
    assert.equal((await kit.incident()).goal?.tier, 'snapshot');
  });

  it('is a dry run if the policy is one', async () => {
    const kit = decisionKit('mode: dry-run');
    const record = await kit.ask(contain(kit));
    assert.match(record.outcome ?? '', /dry run/);
    assert.deepEqual(
      [(await kit.incident()).goal?.mode, (await kit.incident()).decision?.verdict],
      ['dry-run', 'dry-run'],
    );
  });

  it('takes all pods of a named workload, and those made in the next two minutes', async () => {
    const kit = decisionKit();
    const target = { ...SHOP, namespace: 'shop', workload: { kind: 'Deployment', name: 'cart' } };
    const { incident: id } = await kit.ask(contain(kit, { target }));
    assert.equal((await of(kit, id)).subjects.filter((s) => s.kind === 'pod').length, 3);
    await kit.carryOut(String(id));
    const scale = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
    kit.cluster.edit(scale, (draft) => Object.assign(draft.spec ?? {}, { replicas: 4 }));
    await kit.clock.advance(MINUTE);
    await kit.tick();
    const grown = await of(kit, id);
    assert.equal(grown.subjects.filter((s) => s.kind === 'pod').length, 4);
    for (const { uid } of grown.subjects) assert.deepEqual((await kit.ports.stores.subjects.get(uid))?.incidents, [id]);
    assert.deepEqual([grown.goal?.rev, grown.goal?.tier, grown.goal?.requested], [2, 'isolate', true]);
    await kit.clock.advance(MINUTE);
    await kit.tick();
    assert.equal((await of(kit, id)).podsUntil, undefined);
    kit.cluster.edit(scale, (draft) => Object.assign(draft.spec ?? {}, { replicas: 5 }));
    await kit.tick();
    assert.equal((await of(kit, id)).subjects.filter((s) => s.kind === 'pod').length, 4);
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
    const held = async () => (await of(kit, id)).subjects.filter((s) => s.kind === 'pod').length;
    assert.equal(await held(), 3);
    const scale = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
    kit.cluster.edit(scale, (draft) => Object.assign(draft.spec ?? {}, { replicas: 4 }));
    await kit.clock.advance(MINUTE / 2);
    await kit.tick();
    assert.equal(await held(), 4);
  });

  it('takes no pod that the workload makes later, however late the tick that ends the wait', async () => {
    const kit = decisionKit();
    const target = { ...SHOP, namespace: 'shop', workload: { kind: 'Deployment', name: 'cart' } };
    const { incident: id } = await kit.ask(contain(kit, { target }));
    const { subjects } = await of(kit, id);
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
    const joined = await of(kit, id);
    assert.deepEqual([joined.subjects.length, joined.goal?.covers?.length], [subjects.length + 1, subjects.length]);
    await kit.tick();
    assert.equal((await of(kit, id)).subjects.length, subjects.length + 1);
  });

  it('takes the target of an incident as it is written there: its pod, with the UID of the controller', async () => {
    const kit = decisionKit();
    const { incident } = await kit.ask(contain(kit));
    const { target, subjects } = await of(kit, incident);
    assert.notEqual(target.uid, cart(kit).metadata.uid);
    const again = await kit.ask(contain(kit, { target, tier: 'delete-host' }));
    assert.deepEqual([again.state, again.incident], ['accepted', incident], again.outcome);
    assert.equal((await of(kit, incident)).subjects.length, subjects.length);
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
    const incident = await of(kit, id);
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
    assert.equal((await of(kit, id)).goal, null);
    const approve = { action: 'approve', incident: later.id, plan: later.decision?.asked?.plan, ...ANA };
    assert.equal((await kit.ask(approve)).state, 'accepted');
    assert.equal((await kit.ask({ action: 'reject', incident: id, plan, ...ANA })).state, 'accepted');
  });

  it('raises an incident named by its id', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, targetOf(cart(kit))));
    const { id } = await kit.incident();
    const record = await kit.ask({ action: 'contain', tier: 'redeploy', incident: id, ...ANA });
    assert.deepEqual([record.state, record.incident, (await of(kit, id)).goal?.tier], ['accepted', id, 'redeploy']);
  });

  const refused: Array<[string, (kit: Kit) => object, RegExp]> = [
    ['{}', () => ({}), /^field "action": it is missing; use one of contain, .*nothing was done$/],
    ['no reason', (kit) => contain(kit, { reason: undefined }), /^field "reason": it is missing; say why/],
    ['a target without its project', (kit) => contain(kit, { target: {} }), /^field "target.project": it is missing;/],
    ['a blank reason', (kit) => contain(kit, { reason: '   ' }), /field "reason": .*say why/],
    ['nobody', (kit) => contain(kit, { requestedBy: '' }), /field "requestedBy": .*say who asks/],
    ['a misspelt field', (kit) => contain(kit, { teir: 'isolate' }), /field "teir" is not known/],
    [
      'a misspelt field of the target',
      (kit) => contain(kit, { target: { ...targetOf(cart(kit)), pods: 'x' } }),
      /field "pods" in target/,
    ],
    ['no tier', (kit) => contain(kit, { tier: undefined }), /field "tier": it is missing/],
    [
      'an unknown tier',
      (kit) => contain(kit, { tier: 'nuke' }),
      /^field "tier": it is none that is known; use one of .*delete-host/,
    ],
    ['a tier of another type', (kit) => contain(kit, { tier: 3 }), /field "tier"/],
    ['no target', (kit) => contain(kit, { target: undefined }), /field "target" or "incident"/],
    [
      'a pod named *',
      (kit) => contain(kit, { target: { ...SHOP, namespace: 'shop', pod: '*' } }),
      /field "target.pod": not a valid pod name/,
    ],
    ['a blank pod', (kit) => contain(kit, { target: { ...SHOP, namespace: 'shop', pod: '' } }), /field "target.pod"/],
    [
      'a pod that is a number',
      (kit) => contain(kit, { target: { ...SHOP, namespace: 'shop', pod: 7 } }),
      /field "target.pod"/,
    ],
    ['a target that is text', (kit) => contain(kit, { target: 'shop/cart' }), /field "target"/],
    [
      'a pod without its namespace',
      (kit) => contain(kit, { target: { ...SHOP, pod: 'cart' } }),
      /field "target.namespace"/,
    ],
    ['a whole cluster', (kit) => contain(kit, { target: SHOP }), /field "target": name a pod, workload or node/],
    [
      'a whole namespace',
      (kit) => contain(kit, { target: { ...SHOP, namespace: 'shop' } }),
      /a cluster or namespace as a whole/,
    ],
    ['a project', (kit) => contain(kit, { target: { project: 'p1' } }), /field "target": name the cluster/],
    [
      'another cluster',
      (kit) => contain(kit, { target: { ...targetOf(cart(kit)), cluster: 'c9' } }),
      /c9 is not served/,
    ],
    [
      'a pod that is not there',
      (kit) => contain(kit, { target: { ...SHOP, namespace: 'shop', pod: 'cart-x' } }),
      /does not exist now/,
    ],
    [
      'another UID',
      (kit) => contain(kit, { target: { ...targetOf(cart(kit)), uid: '11111111-2222-4333-8444-555555555555' } }),
      /now another object/,
    ],
    ['a time that is none', (kit) => contain(kit, { at: 'yesterday' }), /field "at": it is not a time/],
    ['a time long ago', (kit) => contain(kit, { at: timeOf(kit.clock.now() - 15 * MINUTE - 1) }), /stale/],
    ['a time ahead', (kit) => contain(kit, { at: timeOf(kit.clock.now() + 60 * MINUTE) }), /ahead of our clock/],
    [
      'an incident that is not there',
      () => ({ action: 'contain', tier: 'isolate', incident: 'i-0-1', ...ANA }),
      /no incident i-0-1/,
    ],
  ];
  for (const [what, body, sentence] of refused)
    it(`refuses ${what} with advice, and changes nothing`, async () => {
      const kit = decisionKit();
      const record = await kit.ask(JSON.parse(JSON.stringify(body(kit))));
      assert.equal(record.state, 'refused');
      assert.match(record.outcome ?? '', sentence);
      assert.doesNotMatch(record.outcome ?? '', /\n/);
      assert.deepEqual([await kit.incidents(), kit.published], [[], []]);
      assert.deepEqual(
        kit.counted.map((c) => c.metric),
        ['request-refused'],
      );
    });

  for (const body of [null, [], 'contain', 7])
    it(`records ${JSON.stringify(body)} under the message's id`, async () => {
      const kit = decisionKit();
      const record = await kit.ask(body);
      assert.deepEqual([record.state, record.request], ['refused', null]);
      assert.match(record.outcome ?? '', /not a JSON object/);
    });

  it('measures staleness by the publish time if the request names no time, and not by a redelivery', async () => {
    const kit = decisionKit();
    const late = await kit.ask(contain(kit), { publishedAt: timeOf(kit.clock.now() - 16 * MINUTE) });
    assert.match(late.outcome ?? '', /stale/);
    const publishedAt = timeOf(kit.clock.now());
    const envelope = { ...envelopeOf('requests', 'm-9', contain(kit), kit.clock.now()), publishedAt };
    const { instance } = kit.ports.compute;
    kit.ports.compute = { ...kit.ports.compute, instance: () => Promise.reject(new Error('not now')) };
    await assert.rejects(makeOperate(kit.ports)(envelope), /not now/);
    const waiting = await kit.ports.stores.requests.get('m-9');
    assert.deepEqual(
      [waiting?.state, waiting?.outcome],
      ['seen', 'not answered yet; it is retried for up to an hour: not now'],
    );
    kit.ports.compute = { ...kit.ports.compute, instance };
    await kit.clock.advance(20 * MINUTE);
    await makeOperate(kit.ports)(envelope);
    assert.equal((await kit.ports.stores.requests.get('m-9'))?.state, 'accepted');
  });

  it('accepts a request that is exactly 15 minutes old', async () => {
    const kit = decisionKit();
    await kit.clock.advance(20 * MINUTE);
    const record = await kit.ask(contain(kit, { at: timeOf(kit.clock.now() - 15 * MINUTE) }));
    assert.equal(record.state, 'accepted');
  });

  it('answers a redelivery from its record, and publishes again what is due', async () => {
    const kit = decisionKit();
    const body = contain(kit, { id: 'r-1', at: timeOf(kit.clock.now()) });
    await kit.ask(body);
    const before = await kit.incident();
    const record = await kit.ask(body);
    assert.deepEqual([record.id, record.state], ['r-1', 'accepted']);
    assert.deepEqual(await kit.incident(), before);
    assert.equal(containments(kit), 2);
  });

  it('refuses another request with an id that is taken', async () => {
    const kit = decisionKit();
    await kit.ask(contain(kit, { id: 'r-1' }));
    await kit.ask(contain(kit, { id: 'r-1', tier: 'delete-host' }), { id: 'm-other' });
    const record = await kit.ports.stores.requests.get('m-other');
    assert.match(record?.outcome ?? '', /field "id": r-1 is the id of another request/);
    assert.equal((await kit.incident()).goal?.tier, 'isolate');
  });

  it('refuses a request that cannot be read under its own id, and takes the corrected one under that id', async () => {
    const kit = decisionKit();
    const asked = async (over: object, id: string) => {
      await kit.ask(contain(kit, { id: 'r-1', ...over }), { id });
      return kit.ports.stores.requests.get('r-1');
    };
    for (const id of ['m-a', 'm-a']) assert.match((await asked({ tier: 'all' }, id))?.outcome ?? '', /field "tier"/);
    assert.match((await asked({ reason: '' }, 'm-b'))?.outcome ?? '', /field "reason"/);
    assert.equal((await asked({}, 'm-c'))?.state, 'accepted');
    // Nobody turns back what was accepted, neither a late redelivery nor another sender.
    assert.equal((await asked({ tier: 'all' }, 'm-a'))?.state, 'accepted');
    assert.match((await kit.ports.stores.requests.get('m-a'))?.outcome ?? '', /field "tier"/);
    assert.equal((await kit.incident()).goal?.tier, 'isolate');
  });

  it('refuses a request whose id is none under the id of the message', async () => {
    const kit = decisionKit();
    await makeOperate(kit.ports)(envelopeOf('requests', 'm-a', contain(kit, { id: 'a/b' }), kit.clock.now()));
    assert.match((await kit.ports.stores.requests.get('m-a'))?.outcome ?? '', /field "id"/);
  });

  it('stores no ID token', async () => {
    const kit = decisionKit();
    const record = await kit.ask(contain(kit, { idToken: 'secret' }));
    assert.doesNotMatch(JSON.stringify(record), /secret/);
  });
});

describe('operate, asks', () => {
  const answer = (action: string, { id, decision }: Incident, over: object = {}) => ({
    action,
    incident: id,
    plan: decision?.asked?.plan,
    ...ANA,
    ...over,
  });

  it('carries out the approved tier, asks no more, and is not lowered', async () => {
    const kit = decisionKit();
    const before = await asking(kit);
    const record = await kit.ask(answer('approve', before));
    assert.deepEqual([record.state, record.outcome], ['accepted', 'approved: delete-workload starts']);
    const { goal, decision } = await kit.incident();
    assert.deepEqual(
      [goal?.rev, goal?.tier, goal?.requested, goal?.by, decision?.verdict, decision?.tier, decision?.asked],
      [2, 'delete-workload', true, 'ana@example.com', 'act', 'delete-workload', undefined],
    );
    await asking(kit);
    assert.deepEqual([(await kit.incident()).goal?.rev, (await kit.incident()).decision?.asked], [2, undefined]);
  });

  it('does not ask again after a rejection, until the plan changes', async () => {
    const kit = decisionKit();
    const before = await asking(kit);
    assert.equal((await kit.ask(answer('reject', before))).state, 'accepted');
    await asking(kit);
    const after = await kit.incident();
    assert.deepEqual([after.decision?.asked, after.goal?.tier, after.goal?.rev], [undefined, 'isolate', 1]);
    const [, two] = podsNamed(kit, 'shop', 'cart-');
    assert.ok(two !== undefined);
    await kit.decide(findingOn(kit, targetOf(two)));
    assert.equal((await kit.incident()).decision?.asked?.tier, 'delete-workload');
  });

  it('refuses an answer to a plan that has changed', async () => {
    const kit = decisionKit();
    const before = await asking(kit);
    const [, two] = podsNamed(kit, 'shop', 'cart-');
    assert.ok(two !== undefined);
    await kit.decide(findingOn(kit, targetOf(two)));
    const record = await kit.ask(answer('approve', before));
    const now = (await kit.incident()).decision?.asked?.plan;
    assert.notEqual(now, before.decision?.asked?.plan);
    assert.match(record.outcome ?? '', new RegExp(`field "plan": .* has changed since; .* answer plan ${now}`));
    assert.equal((await kit.incident()).goal?.tier, 'isolate');
  });

  it('refuses an answer that names another tier than the one that is asked for', async () => {
    const kit = decisionKit();
    const before = await asking(kit);
    for (const action of ['approve', 'reject'] as const) {
      const { state, outcome } = await kit.ask({ ...answer(action, before), tier: 'isolate' });
      assert.equal(state, 'refused');
      assert.match(outcome ?? '', /^field "tier": incident \S+ asks for delete-workload, not for isolate;/);
    }
    assert.equal((await kit.ask({ ...answer('approve', before), tier: 'delete-workload' })).state, 'accepted');
  });

  it('refuses an action that is to be limited and cannot be', async () => {
    const kit = decisionKit();
    const before = await asking(kit);
    const wrong: Array<[object, RegExp]> = [
      [
        { action: 'release', incident: before.id, tier: 'quarantine' },
        /^field "tier": release is for all that the inc/,
      ],
      [{ action: 'release', incident: before.id, target: targetOf(cart(kit)) }, /^field "target": release is for all/],
      [{ action: 'close', incident: before.id, tier: 'quarantine' }, /^field "tier": close is for all that the inc/],
      [
        { ...answer('approve', before), target: targetOf(cart(kit)) },
        /^field "target": approve is for all that the inc/,
      ],
    ];
    await kit.ask({ action: 'halt', ...ANA });
    await kit.clock.advance(1000);
    wrong.push([{ action: 'resume', incident: before.id }, /^field "incident": resume is for all incidents and/]);
    for (const [request, sentence] of wrong) {
      const { state, outcome } = await kit.ask({ ...request, ...ANA });
      assert.equal(state, 'refused', JSON.stringify(request));
      assert.match(outcome ?? '', sentence);
    }
    assert.equal((await kit.ports.stores.halts.get('halt'))?.halted, true);
    assert.equal((await kit.incident()).goal?.tier, 'isolate');
  });

  it('halts whatever else the request says', async () => {
    const kit = decisionKit();
    assert.equal((await kit.ask({ action: 'halt', incident: 'i-0-1', ...ANA })).state, 'accepted');
  });

  it('asks again, with another plan, if a request brings another pod', async () => {
    const kit = decisionKit();
    const before = await asking(kit);
    const [, two] = podsNamed(kit, 'shop', 'cart-');
    assert.ok(two !== undefined);
    await kit.ask(contain(kit, { target: targetOf(two) }));
    const after = await kit.incident();
    assert.notEqual(after.decision?.asked?.plan, before.decision?.asked?.plan);
    assert.deepEqual(after.outbox.at(-1)?.ask, after.decision?.asked);
    assert.equal((await kit.ask(answer('approve', before))).state, 'refused');
    assert.equal((await kit.ask(answer('approve', after))).state, 'accepted');
  });

  it('lapses after an hour at the tick, and refuses a late answer', async () => {
    const kit = decisionKit();
    const before = await asking(kit);
    await kit.carryOut(before.id, [appliedEntry(kit)]);
    await kit.clock.advance(60 * MINUTE);
    assert.match((await kit.ask(answer('approve', before))).outcome ?? '', /lapsed at/);
    await kit.tick();
    const after = await kit.incident();
    assert.deepEqual(
      [after.decision?.asked, after.answered?.[0]?.outcome, after.state],
      [undefined, 'lapsed', 'contained'],
    );
    assert.equal(after.dueAt, undefined);
    await asking(kit);
    assert.equal((await kit.incident()).decision?.asked?.tier, 'delete-workload', 'new evidence asks again');
  });

  for (const [what, over] of [
    ['without an incident', { incident: undefined }],
    ['without a plan', { plan: undefined }],
    ['of an incident that is not there', { incident: 'i-0-1' }],
    ['of a plan that nobody asked for', { plan: '0123456789abcdef' }],
  ] as const)
    it(`refuses an approval ${what}`, async () => {
      const kit = decisionKit();
      const before = await asking(kit);
      const record = await kit.ask(JSON.parse(JSON.stringify(answer('approve', before, over))));
      assert.equal(record.state, 'refused');
      assert.equal((await kit.incident()).goal?.rev, 1);
    });

  it('approves no more than protection allows', async () => {
    const kit = decisionKit();
    const before = await asking(kit);
    kit.ports.policy = { ...kit.ports.policy, protected: [{ namespace: 'shop', tier: 'isolate' }] };
    const record = await kit.ask(answer('approve', before));
    assert.match(record.outcome ?? '', /approved: isolate starts; namespace shop is protected/);
    assert.equal((await kit.incident()).goal?.tier, 'isolate');
  });
});

describe('operate, endings and halt', () => {
  it('accepts a release once, and then refuses to close or raise the incident', async () => {
    const kit = decisionKit();
    await asking(kit);
    const { id } = await kit.incident();
    const release = { action: 'release', incident: id, ...ANA };
    assert.equal((await kit.ask(release)).state, 'accepted');
    const released = await kit.incident();
    assert.deepEqual([released.goal?.tier, released.goal?.rev, released.decision?.asked], ['released', 2, undefined]);
    assert.match(
      (await kit.ask(release)).outcome ?? '',
      /is already released, and its changes are still being undone$/,
    );
    await kit.carryOut(id);
    assert.match((await kit.ask({ ...release, action: 'close' })).outcome ?? '', /nothing to close/);
    assert.match(
      (await kit.ask({ ...release, action: 'contain', tier: 'isolate' })).outcome ?? '',
      /is released: name the pod/,
    );
    assert.match((await kit.ask({ action: 'release', ...ANA })).outcome ?? '', /field "incident": it is missing/);
  });

  it('accepts a close, and then refuses a release', async () => {
    const kit = decisionKit();
    await asking(kit);
    const { id } = await kit.incident();
    assert.equal((await kit.ask({ action: 'close', incident: id, ...ANA })).state, 'accepted');
    assert.equal((await kit.incident()).state, 'closed');
    assert.match(
      (await kit.ask({ action: 'release', incident: id, ...ANA })).outcome ?? '',
      /is closed: its changes were left/,
    );
  });

  it('lets the next episode take over what a close left, whether it opens by a finding or a request', async () => {
    for (const isAsked of [true, false]) {
      const kit = decisionKit();
      const { id, subjects } = await asking(kit);
      await kit.carryOut(id, [appliedEntry(kit)]);
      await kit.ask({ action: 'close', incident: id, ...ANA });
      if (isAsked) await kit.ask(contain(kit));
      else await kit.decide(findingOn(kit, targetOf(podsNamed(kit, 'shop', 'cart-')[1] ?? cart(kit))));
      const next = (await kit.incidents()).find((i) => i.id !== id);
      assert.deepEqual([next?.episode, next?.takesOver], [2, id]);
      for (const { uid } of subjects) {
        assert.ok(next?.subjects.some((s) => s.uid === uid));
        assert.equal((await kit.ports.stores.subjects.get(uid))?.incidents.at(-1), next?.id);
      }
    }
  });

  it('halts, begins nothing meanwhile, and resumes what was stopped', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, targetOf(cart(kit))));
    const halt = { action: 'halt', ...ANA };
    assert.equal((await kit.ask(halt)).state, 'accepted');
    const stored = await kit.ports.stores.halts.get('halt');
    assert.deepEqual([stored?.halted, stored?.by], [true, 'ana@example.com']);
    await kit.clock.advance(1000);
    assert.match((await kit.ask(halt)).outcome ?? '', /halted already/);
    assert.match((await kit.ask(contain(kit))).outcome ?? '', /halted by ana@example.com since/);
    const same = { action: 'resume', ...ANA, at: stored?.at };
    assert.match((await kit.ask(same)).outcome ?? '', /older than what holds/);
    const older = { action: 'resume', ...ANA, at: timeOf(kit.clock.now() - MINUTE) };
    assert.match((await kit.ask(older)).outcome ?? '', /older than what holds/);
    const before = containments(kit);
    assert.match((await kit.ask({ action: 'resume', ...ANA })).outcome ?? '', /resumed: 1 incident taken up again/);
    assert.equal(containments(kit), before + 1);
    await kit.clock.advance(1000);
    assert.match((await kit.ask({ action: 'resume', ...ANA })).outcome ?? '', /nothing is halted/);
  });

  it('notifies people of a halt at once and every hour', async () => {
    const kit = decisionKit();
    await kit.ask({ action: 'halt', ...ANA });
    const told = () => kit.published.flatMap(({ topic, body }) => (topic === 'notices' ? [Object(body).seq] : []));
    assert.equal(told().length, 1);
    await kit.clock.advance(59 * MINUTE);
    await kit.tick();
    assert.equal(told().length, 1);
    await kit.clock.advance(MINUTE);
    await Promise.all([kit.tick(), kit.tick()]);
    assert.equal(told().length, 2);
    assert.ok(told()[1] > told()[0]);
  });

  it('says in each notice of a halt how to end it, and not once it has ended', async () => {
    const kit = decisionKit();
    const said = () => Object(kit.published.findLast(({ topic }) => topic === 'notices')?.body).lines;
    await kit.ask({ action: 'halt', ...ANA, reason: 'we are looking' });
    const how = 'To send changes again: firebreak resume --project p1 --reason "..."';
    assert.deepEqual(said(), ['we are looking', how]);
    await kit.clock.advance(60 * MINUTE);
    await kit.tick();
    assert.deepEqual(said(), ['we are looking', how]);
    await kit.ask({ action: 'resume', ...ANA, reason: 'we have looked' });
    assert.deepEqual(said(), ['we have looked']);
  });

  it('dates a release by the time of its request, even if a halt came in between', async () => {
    const kit = decisionKit();
    await asking(kit);
    const { id } = await kit.incident();
    const asked = timeOf(kit.clock.now());
    await kit.clock.advance(1000);
    await kit.ask({ action: 'halt', ...ANA });
    const record = await kit.ask({ action: 'release', incident: id, ...ANA, at: asked });
    assert.equal(record.state, 'accepted');
    const { goal } = await kit.incident();
    assert.deepEqual([goal?.tier, goal?.at], ['released', asked]);
    // contain holds a release that is not later than the halt (run.test.ts).
    const halt = await kit.ports.stores.halts.get('halt');
    assert.ok(asked < String(halt?.at));
  });
});

describe('operate, tick and dead letters', () => {
  it('publishes again what was not published, on every page, and skips an incident that cannot be read', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, targetOf(cart(kit))));
    const one = await kit.incident();
    for (let n = 0; n < 120; n += 1) {
      const id = `i-${String(n).padStart(3, '0')}-1`;
      const lease = { owner: 'contain-1', token: 't', until: timeOf(kit.clock.now() - 1) };
      await kit.ports.stores.incidents.put(id, { ...one, id, lease, dueAt: lease.until }, null);
    }
    const { get } = kit.ports.stores.incidents;
    kit.ports.stores.incidents.get = (id) => (id === 'i-007-1' ? Promise.reject(new Error('unreadable')) : get(id));
    const before = containments(kit);
    await kit.tick();
    assert.equal(containments(kit), before + 119);
  });

  it('leaves an incident alone that is not due', async () => {
    const kit = decisionKit();
    await asking(kit);
    await kit.carryOut((await kit.incident()).id);
    const before = kit.published.length;
    await kit.tick();
    assert.equal(kit.published.length, before);
  });

  it('stores a dead letter once, and counts it', async () => {
    const kit = decisionKit();
    const attributes = { CloudPubSubDeadLetterSourceSubscription: 'firebreak-decide-findings' };
    const envelope = { ...envelopeOf('dead-letters', 'd-1', { id: 'f-1' }, kit.clock.now()), attributes };
    await makeOperate(kit.ports)(envelope);
    await makeOperate(kit.ports)(envelope);
    const stored = await kit.ports.stores.dead.get('d-1');
    assert.deepEqual([stored?.topic, stored?.body, stored?.attributes], ['findings', { id: 'f-1' }, attributes]);
    assert.deepEqual(
      kit.counted.map((c) => c.metric),
      ['dead-letter'],
    );
  });

  it('stores the beginning of a dead letter that is too large for a document', async () => {
    const kit = decisionKit();
    await makeOperate(kit.ports)(envelopeOf('dead-letters', 'd-2', { text: 'x'.repeat(600_000) }, kit.clock.now()));
    assert.match(JSON.stringify((await kit.ports.stores.dead.get('d-2'))?.body), /"truncated":true/);
  });

  it('throws Malformed for another topic', async () => {
    const kit = decisionKit();
    await assert.rejects(makeOperate(kit.ports)(envelopeOf('findings', 'm', {}, kit.clock.now())), Malformed);
  });
});
