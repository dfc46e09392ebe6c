import { strict as assert } from 'node:assert';
import { makeOperate } from '../../../functions/operate/handler.ts';
import { notice } from '../../../shared/model/notice.ts';
import { replayOf } from '../../../shared/replay.ts';
import { decisionKit, envelopeOf, type Kit, podNamed, targetOf } from '../../kit/decision.ts';

const MINUTE = 60_000;

const bury = (
  kit: Kit,
  id: string,
  topic: string,
  body: unknown = { id: 'f-1' },
  publishedAt = '2026-03-02T09:00:00.123Z',
  attributes: Record<string, string> = {},
): Promise<void> =>
  makeOperate(kit.ports)({
    ...envelopeOf('dead-letters', id, body, kit.clock.now()),
    attributes: {
      ...attributes,
      CloudPubSubDeadLetterSourceSubscription: `firebreak-some-${topic}`,
      CloudPubSubDeadLetterSourceDeliveryCount: '10',
      CloudPubSubDeadLetterSourceTopicPublishTime: publishedAt,
    },
  });

const told = (kit: Kit) =>
  kit.published.flatMap(({ topic, body }) => (topic === 'notices' ? [notice.strict().parse(body)] : []));

describe('operate, given a dead letter', () => {
  it('stores its topic, when it was published and how often it was delivered', async () => {
    const kit = decisionKit();
    await bury(kit, 'd-1', 'findings');
    const { topic, publishedAt, deliveries, body, error } = (await kit.ports.stores.dead.get('d-1')) ?? assert.fail();
    assert.deepEqual(
      [topic, publishedAt, deliveries, body],
      ['findings', '2026-03-02T09:00:00.123Z', 10, { id: 'f-1' }],
    );
    assert.equal(error, undefined);
  });

  it('stores the beginning of a body that is nested too deep, and publishes a notice', async () => {
    const kit = decisionKit();
    const levels = 10_000;
    const deep: unknown = JSON.parse(`{"id":"f-1","in":${'['.repeat(levels)}${']'.repeat(levels)}}`);
    await bury(kit, 'd-1', 'findings', deep);
    const { body } = (await kit.ports.stores.dead.get('d-1')) ?? assert.fail();
    assert.deepEqual(body, {
      truncated: true,
      levels: 'more than 200',
      beginning: `{"id":"f-1","in":${'['.repeat(199)}"…"${']'.repeat(199)}}`,
    });
    assert.equal(told(kit).length, 1);
  });

  it('stores a body whole that is nested as deep as allowed', async () => {
    const kit = decisionKit();
    const body: unknown = JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`);
    await bury(kit, 'd-1', 'findings', body);
    assert.deepEqual((await kit.ports.stores.dead.get('d-1'))?.body, body);
  });

  it('stores the beginning and the hash of a body of any size', async () => {
    for (const kib of [600, 9 * 1024]) {
      const kit = decisionKit();
      await bury(kit, 'd-1', 'audit-log', { a: 'x'.repeat(kib * 1024) });
      const letter = (await kit.ports.stores.dead.get('d-1')) ?? assert.fail();
      const { truncated, size, sha256, beginning } = Object(letter.body);
      assert.deepEqual([truncated, size, beginning.slice(0, 7)], [true, kib * 1024 + 8, '{"a":"x']);
      assert.match(sha256, /^[0-9a-f]{64}$/);
      assert.throws(() => replayOf(letter), /too large or too deep to be kept whole: have its source send it again/);
    }
  });

  it('stores a message whose attributes are too large without them, and publishes a notice', async () => {
    for (const [sign, isWhole] of [
      ['"', true],
      ['\u0001', false],
    ] as const) {
      const kit = decisionKit();
      const attributes = Object.fromEntries(Array.from({ length: 96 }, (_, i) => [`key-${i}`, sign.repeat(1024)]));
      await bury(kit, 'd-1', 'threat', { a: 'x'.repeat(255 * 1024) }, undefined, attributes);
      const letter = (await kit.ports.stores.dead.get('d-1')) ?? assert.fail();
      assert.deepEqual([letter.topic, letter.deliveries, told(kit).length], ['threat', 10, 1]);
      assert.equal(letter.attributes['key-1'], isWhole ? sign.repeat(1024) : undefined);
      if (isWhole) assert.equal(replayOf(letter).topic, 'threat');
      else assert.throws(() => replayOf(letter), /too large or too deep to be kept whole/);
    }
  });

  it('stores the error that the record of a request names', async () => {
    const kit = decisionKit();
    const request = { id: 'r-1', action: 'halt', reason: 'drill', requestedBy: 'ana@example.com' };
    const halts = kit.ports.stores.halts.get;
    kit.ports.stores.halts.get = () => Promise.reject(new Error('the database is away'));
    await assert.rejects(kit.ask(request));
    kit.ports.stores.halts.get = halts;
    await bury(kit, 'd-1', 'requests', request);
    assert.match((await kit.ports.stores.dead.get('d-1'))?.error ?? '', /the database is away/);
  });

  it('publishes a notice once in ten minutes for each topic, and again after a crash before it was published', async () => {
    const kit = decisionKit();
    const { publish } = kit.ports.bus;
    kit.ports.bus = { publish: () => Promise.reject(new Error('crashed')) };
    await assert.rejects(bury(kit, 'd-1', 'findings'));
    kit.ports.bus = { publish };
    await bury(kit, 'd-1', 'findings');
    await bury(kit, 'd-2', 'findings');
    await bury(kit, 'd-3', 'containment');
    await kit.clock.advance(10 * MINUTE);
    await bury(kit, 'd-4', 'findings');
    // A receiver shows each number of a thread once.
    const shown = new Set(told(kit).map(({ incident, seq }) => `${incident} ${seq}`));
    assert.equal(shown.size, 3);
    assert.ok(told(kit)[0]?.lines.some((line) => line.includes('firebreak dead-letters show d-1')));
    assert.deepEqual(
      kit.counted.map(({ metric }) => metric),
      ['dead-letter', 'dead-letter', 'dead-letter', 'dead-letter'],
    );
  });

  it('only counts a notice that was given up, and publishes none about it', async () => {
    const kit = decisionKit();
    await bury(kit, 'd-1', 'notices');
    assert.deepEqual(told(kit), []);
    assert.equal(kit.counted.length, 1);
  });

  it('lets the tick publish the goal of an incident again, until the goal is a day old', async () => {
    const kit = decisionKit();
    await kit.ask({
      action: 'contain',
      tier: 'quarantine',
      target: targetOf(podNamed(kit, 'shop', 'cart')),
      reason: 'drill',
      requestedBy: 'ana@example.com',
    });
    const { id } = await kit.incident();
    const ids = () => kit.published.filter(({ topic }) => topic === 'containment').length;
    const before = ids();
    await kit.tick();
    assert.equal(ids(), before, 'it was published already');
    await bury(kit, 'd-1', 'containment', { incident: id });
    await kit.tick();
    await kit.tick();
    assert.equal(ids(), before + 1);
    await kit.clock.advance(25 * 60 * MINUTE);
    await bury(kit, 'd-2', 'containment', { incident: id });
    await kit.tick();
    assert.equal(ids(), before + 1);
  });

  it('stores a containment message whose incident it does not know', async () => {
    const kit = decisionKit();
    await bury(kit, 'd-1', 'containment', { incident: 'i-none-1' });
    await bury(kit, 'd-2', 'containment', 7);
    assert.equal((await kit.ports.stores.dead.list({})).items.length, 2);
  });
});

describe('operate, given the dead letter of a request', () => {
  const ANA = { reason: 'drill', requestedBy: 'ana@example.com' };
  const isolate = (kit: Kit) => ({
    id: 'r-1',
    action: 'contain',
    tier: 'isolate',
    target: targetOf(podNamed(kit, 'shop', 'cart')),
    idToken: 'header.payload.signature',
    ...ANA,
  });
  /** A kit in which the request was tried while Compute Engine did not answer. */
  const tried = async () => {
    const kit = decisionKit();
    const { compute } = kit.ports;
    kit.ports.compute = { ...compute, instance: () => Promise.reject(new Error('the cloud is away')) };
    await assert.rejects(kit.ask(isolate(kit)));
    kit.ports.compute = compute;
    return kit;
  };

  for (const [what, topic, over] of [
    ['whole', 'requests', {}],
    ['too large to be kept whole', 'requests', { more: 'x'.repeat(300_000) }],
    ['of a topic that nobody knows', 'else', {}],
  ] as const)
    it(`stores no ID token of a request that is ${what}`, async () => {
      const kit = decisionKit();
      await bury(kit, 'd-1', topic, { ...isolate(kit), ...over });
      const letter = JSON.stringify(await kit.ports.stores.dead.get('d-1'));
      assert.ok(letter.includes('isolate') && !letter.includes('signature'), letter);
    });

  it('answers the request as given up, and stores the reason', async () => {
    const kit = await tried();
    await bury(kit, 'd-1', 'requests', isolate(kit));
    const record = await kit.ports.stores.requests.get('r-1');
    const why =
      'given up after its last attempt; send it again as a new request if it is still meant: the cloud is away';
    assert.deepEqual([record?.state, record?.outcome], ['refused', why]);
    assert.equal((await kit.ports.stores.dead.get('d-1'))?.error, 'the cloud is away');
    assert.ok(!JSON.stringify(told(kit)).includes('tried again'));
  });

  describe('that has no id of its own', () => {
    const { id: _, ...nameless } = isolate(decisionKit());
    /** The record of the request, tried while Compute Engine did not answer; it is kept under the message's id. */
    const seen = async (kit: Kit, name: string) => {
      const { compute } = kit.ports;
      kit.ports.compute = { ...compute, instance: () => Promise.reject(new Error('the cloud is away')) };
      await assert.rejects(kit.ask(nameless, { id: name }));
      kit.ports.compute = compute;
      return (await kit.ports.stores.requests.get(name)) ?? assert.fail();
    };

    it('answers the request as given up, whose message had another id, and stores the reason', async () => {
      const kit = decisionKit();
      const { publishedAt } = await seen(kit, 'm-of-the-first');
      await kit.clock.advance(MINUTE);
      await seen(kit, 'm-of-the-second');
      await bury(kit, 'd-1', 'requests', nameless, publishedAt.replace('Z', '+00:00'));
      const { requests, dead } = kit.ports.stores;
      const given = await requests.get('m-of-the-first');
      assert.deepEqual([given?.state, given?.outcome?.slice(0, 8)], ['refused', 'given up']);
      assert.equal((await requests.get('m-of-the-second'))?.state, 'seen', 'its message is still delivered');
      assert.equal((await dead.get('d-1'))?.error, 'the cloud is away');
    });

    it('leaves alone every request that was not published at that time with those words', async () => {
      const kit = decisionKit();
      const { publishedAt, id } = await seen(kit, 'm-of-the-first');
      await bury(kit, 'd-1', 'requests', { ...nameless, reason: 'another' }, publishedAt);
      await bury(kit, 'd-2', 'requests', nameless, '2026-03-02T09:00:00.124Z');
      await bury(kit, 'd-3', 'requests', nameless, 'some time ago');
      await bury(kit, 'd-4', 'requests', 'no request at all', publishedAt);
      assert.equal((await kit.ports.stores.requests.get(id))?.state, 'seen');
    });
  });

  it('does not carry out the request if it is sent again, by a replay or by its sender', async () => {
    const kit = await tried();
    await bury(kit, 'd-1', 'requests', isolate(kit));
    const { body } = replayOf((await kit.ports.stores.dead.get('d-1')) ?? assert.fail());
    assert.match((await kit.ask(body)).outcome ?? '', /given up|another request/);
    assert.match((await kit.ask(isolate(kit))).outcome ?? '', /^given up/);
    assert.deepEqual(await kit.incidents(), []);
  });

  for (const [action, how] of [
    ['contain', 'in its incident'],
    ['halt', 'in the halt'],
  ] as const)
    it(`answers a request as accepted whose effect is stored ${how}, although its record could not be written`, async () => {
      const kit = decisionKit();
      const { requests } = kit.ports.stores;
      const { put } = requests;
      requests.put = (id, doc, expected) =>
        doc.state === 'seen' ? put(id, doc, expected) : Promise.reject(new Error('the database is away'));
      const request = action === 'halt' ? { id: 'r-1', action, ...ANA } : isolate(kit);
      await assert.rejects(kit.ask(request));
      requests.put = put;
      await bury(kit, 'd-1', 'requests', request);
      assert.equal((await requests.get('r-1'))?.state, 'accepted');
    });
});
