import { strict as assert } from 'node:assert';
import type { PushSubscription } from '../../local/broker/message.ts';
import type { Bus } from '../../shared/ports.ts';
import { skipBecause } from '../require.ts';
import { type Received, type Receiver, startReceiver } from './receiver.ts';

/** The interface of a bus under test. */
export type BusUnderTest = Bus & {
  project: string;
  subscribe(subscription: PushSubscription): Promise<void>;
  stop(): Promise<void>;
};

/**
 * The contract of every bus. `blind` names properties that this bus cannot show, each with the reason; their cases are
 * skipped.
 */
export const brokerContract = (
  start: () => Promise<BusUnderTest>,
  blind: { identity?: string; deliveryAttempt?: string } = {},
): void => {
  let bus: BusUnderTest;
  const receivers: Receiver[] = [];

  const receiver = async (...how: Parameters<typeof startReceiver>): Promise<Receiver> => {
    const started = await startReceiver(...how);
    receivers.push(started);
    return started;
  };

  const push = (change: Partial<PushSubscription> & { name: string; endpoint: string }): PushSubscription => ({
    topic: 'findings',
    identity: `token-of-${change.name}`,
    ackDeadline: 10_000,
    minBackoff: 100,
    maxBackoff: 400,
    maxAttempts: 5,
    concurrency: 10,
    ...change,
  });

  // One bus for all cases, since an emulator takes a second to start. Each case has its own topics and names.
  before(async () => {
    bus = await start();
  });

  afterEach(async () => {
    for (const one of receivers.splice(0)) await one.stop();
  });

  after(() => bus?.stop());

  it('pushes to the path of the topic, with data, attributes, id and publish time', async () => {
    const { endpoint, arrived } = await receiver();
    await bus.subscribe(push({ name: 'firebreak-shape', endpoint }));
    const id = await bus.publish('findings', { n: 1, text: 'é\u0000' }, { origin: 'test' });
    const [first] = await arrived(1);
    assert.equal(first?.path, `/projects/${bus.project}/topics/firebreak-findings`);
    assert.equal(first?.subscription, `projects/${bus.project}/subscriptions/firebreak-shape`);
    assert.deepEqual(first?.body, { n: 1, text: 'é\u0000' });
    assert.deepEqual(first?.message.attributes, { origin: 'test' });
    assert.equal(first?.message.messageId, id);
    assert.equal(first?.message.message_id, id);
    assert.ok(!Number.isNaN(Date.parse(first?.message.publishTime ?? '')));
  });

  it('gives every subscription of a topic its own copy', async () => {
    const [one, two] = [await receiver(), await receiver()];
    await bus.subscribe(push({ name: 'firebreak-copy-1', topic: 'requests', endpoint: one.endpoint }));
    await bus.subscribe(push({ name: 'firebreak-copy-2', topic: 'requests', endpoint: two.endpoint }));
    const id = await bus.publish('requests', { n: 2 });
    assert.equal((await one.arrived(1))[0]?.message.messageId, id);
    assert.equal((await two.arrived(1))[0]?.message.messageId, id);
  });

  it('delivers again, under the same id, until it is acknowledged, and not after', async () => {
    let tries = 0;
    const { endpoint, arrived, received } = await receiver((r) => (mark(r) === 'hard' && ++tries < 3 ? 500 : 204));
    await bus.subscribe(push({ name: 'firebreak-again', topic: 'containment', endpoint }));
    const id = await bus.publish('containment', { mark: 'hard' });
    await arrived(3);
    await bus.publish('containment', { mark: 'after' });
    await arrived(4);
    assert.deepEqual(received.map(mark), ['hard', 'hard', 'hard', 'after']);
    assert.deepEqual(
      received.slice(0, 3).map((r) => r.message.messageId),
      [id, id, id],
    );
  });

  it('does not let one message that fails hold up the others', async () => {
    const { endpoint, arrived } = await receiver((r) => (mark(r) === 'stuck' ? 503 : 204));
    await bus.subscribe(push({ name: 'firebreak-others', topic: 'audit-log', endpoint, deadLetter: 'cpu' }));
    await bus.publish('audit-log', { mark: 'stuck' });
    for (let n = 0; n < 5; n++) await bus.publish('audit-log', { mark: `free-${n}` });
    const marks = new Set((await arrived(7)).map(mark));
    assert.equal(marks.size, 6);
  });

  it('waits for a subscriber that is not there yet', async () => {
    const { endpoint, stop } = await startReceiver();
    await stop();
    await bus.subscribe(push({ name: 'firebreak-late', topic: 'notices', endpoint }));
    const id = await bus.publish('notices', { n: 3 });
    const late = await receiver(undefined, Number(new URL(endpoint).port));
    assert.equal((await late.arrived(1))[0]?.message.messageId, id);
  });

  it('moves a message that fails every time to the dead letter topic, saying where it came from', async () => {
    const [failing, dead] = [await receiver(() => 500), await receiver()];
    const endpoint = failing.endpoint;
    await bus.subscribe(push({ name: 'firebreak-buried', topic: 'dead-letters', endpoint: dead.endpoint }));
    await bus.subscribe(push({ name: 'firebreak-fails', topic: 'threat', endpoint, deadLetter: 'dead-letters' }));
    await bus.publish('threat', { n: 4 }, { origin: 'sensor' });
    const [buried] = await dead.arrived(1);
    assert.equal(failing.received.length, 5);
    assert.deepEqual(buried?.body, { n: 4 });
    const { CloudPubSubDeadLetterSourceTopicPublishTime: published, ...attributes } = buried?.message.attributes ?? {};
    assert.deepEqual(attributes, {
      origin: 'sensor',
      CloudPubSubDeadLetterSourceDeliveryCount: '5',
      CloudPubSubDeadLetterSourceSubscription: 'firebreak-fails',
      CloudPubSubDeadLetterSourceSubscriptionProject: bus.project,
    });
    assert.ok(!Number.isNaN(Date.parse(published ?? '')));
  });

  it('loses none of 100 messages', async () => {
    const { endpoint, arrived, received } = await receiver();
    await bus.subscribe(push({ name: 'firebreak-many', topic: 'tick', endpoint }));
    const ids = await Promise.all(Array.from({ length: 100 }, (_, n) => bus.publish('tick', { n })));
    await arrived(100);
    assert.equal(new Set(received.map((r) => r.message.messageId)).size, new Set(ids).size);
  });

  it('counts the attempts where a dead letter topic is set, and only there', async function () {
    if (blind.deliveryAttempt !== undefined) skipBecause(this, blind.deliveryAttempt);
    let tries = 0;
    const counted = await receiver(() => (++tries < 3 ? 500 : 204));
    const uncounted = await receiver();
    const to = { name: 'firebreak-counted', topic: 'cpu', deadLetter: 'dead-letters' } as const;
    await bus.subscribe(push({ ...to, endpoint: counted.endpoint }));
    await bus.subscribe(push({ name: 'firebreak-uncounted', topic: 'cpu', endpoint: uncounted.endpoint }));
    await bus.publish('cpu', { n: 5 });
    assert.deepEqual(
      (await counted.arrived(3)).map((r) => r.deliveryAttempt),
      [1, 2, 3],
    );
    assert.equal('deliveryAttempt' in ((await uncounted.arrived(1))[0] ?? {}), false);
  });

  it('vouches for each push by the identity of its subscription', async function () {
    if (blind.identity !== undefined) skipBecause(this, blind.identity);
    const { endpoint, arrived } = await receiver();
    await bus.subscribe(push({ name: 'firebreak-vouched', topic: 'findings', endpoint }));
    await bus.publish('findings', { n: 6 });
    assert.equal((await arrived(1))[0]?.authorization, 'Bearer token-of-firebreak-vouched');
  });
};

const mark = ({ body }: Received): unknown =>
  typeof body === 'object' && body !== null && 'mark' in body ? body.mark : undefined;
