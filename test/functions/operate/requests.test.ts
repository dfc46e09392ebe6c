import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeOperate } from '../../../functions/operate/handler.ts';
import { SHOP } from '../../../local/world/seed.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { decisionKit, envelopeOf, type Kit, targetOf } from '../../kit/decision.ts';
import { ANA, cart, contain, containments } from '../../kit/requests.ts';

const MINUTE = 60_000;

describe('operate, requests', () => {
  const refused: Array<[string, (kit: Kit) => object, RegExp]> = [
    ['{}', () => ({}), /^field "action": it is missing; use one of contain, .*nothing was done$/],
    ['no reason', (kit) => contain(kit, { reason: undefined }), /^field "reason": it is missing; say why/],
    ['a target without its project', (kit) => contain(kit, { target: {} }), /^field "target.project": it is missing;/],
    ['a blank reason', (kit) => contain(kit, { reason: '   ' }), /field "reason": .*say why/],
    ['nobody', (kit) => contain(kit, { requestedBy: '' }), /field "requestedBy": .*say who asks/],
    [
      'an ID token that is none',
      (kit) => contain(kit, { idToken: 5 }),
      /field "idToken": .*; give the ID token of the sender, .* or leave it out; nothing was done/,
    ],
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
    [
      'a kind as kubectl prints it',
      (kit) => contain(kit, { target: { ...SHOP, namespace: 'shop', workload: { kind: 'deployment', name: 'cart' } } }),
      /^field "target.workload.kind": not a valid kind, such as Deployment;/,
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
      'a node within a namespace',
      (kit) => contain(kit, { target: { ...SHOP, namespace: 'shop', node: String(cart(kit).spec?.nodeName) } }),
      /^field "target.namespace": a node is in no namespace, and all of it is contained; leave it out, or name a pod;/,
    ],
    [
      'a principal beside a pod',
      (kit) => contain(kit, { target: { ...targetOf(cart(kit)), principal: 'ana@example.com' } }),
      /^field "target.principal": what a principal does elsewhere is not contained; leave it out;/,
    ],
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

  for (const id of ['a/b', '.', '..', '__all__'])
    it(`refuses a request with the id ${id} under the id of the message`, async () => {
      const kit = decisionKit();
      await makeOperate(kit.ports)(envelopeOf('requests', 'm-a', contain(kit, { id }), kit.clock.now()));
      assert.match((await kit.ports.stores.requests.get('m-a'))?.outcome ?? '', /^field "id": not an id; use 1 to 100/);
    });

  it('stores no ID token', async () => {
    const kit = decisionKit();
    const record = await kit.ask(contain(kit, { idToken: 'secret' }));
    assert.doesNotMatch(JSON.stringify(record), /secret/);
  });
});
