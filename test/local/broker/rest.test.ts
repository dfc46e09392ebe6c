import { strict as assert } from 'node:assert';
import { request } from 'node:http';
import { type Broker, startBroker } from '../../../local/broker/broker.ts';
import { makeRestBus } from '../../../shared/adapters/bus-rest.ts';
import { Denied, Transient } from '../../../shared/errors.ts';

describe('the REST API of the embedded broker', () => {
  let broker: Broker;
  before(async () => {
    broker = await startBroker({ project: 'p1' });
  });
  after(() => broker.stop());

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(new URL(path, broker.address), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const publish = '/v1/projects/p1/topics/firebreak-requests:publish';
  const data = Buffer.from('{"a":1}').toString('base64');

  it('publishes and answers with the ids', async () => {
    const response = await post(`${publish}?alt=json`, { messages: [{ data, attributes: { k: 'v' } }, { data }] });
    const answer: unknown = await response.json();
    const kept = broker.published('requests').slice(-2);
    assert.deepEqual(answer, { messageIds: kept.map((m) => m.messageId) });
    assert.deepEqual(kept[0]?.attributes, { k: 'v' });
  });

  it('stores standard base64 if the URL-safe alphabet was sent', async () => {
    await post(publish, { messages: [{ data: Buffer.from('???>>>').toString('base64url') }] });
    assert.equal(broker.published('requests').at(-1)?.data, Buffer.from('???>>>').toString('base64'));
  });

  for (const [what, body, expected] of [
    ['a body that is not JSON', '{', /not JSON/],
    ['no messages', { messages: [] }, /messages/],
    ['a field that does not exist', { messages: [{ data, topic: 'x' }] }, /messages.0/],
    ['data that is not base64', { messages: [{ data: '%' }] }, /base64/],
    ['neither data nor attributes', { messages: [{ attributes: {} }] }, /needs data or attributes/],
    ['an attribute that is no string', { messages: [{ data, attributes: { a: 1 } }] }, /messages.0.attributes/],
    ['an attribute that is too long', { messages: [{ data, attributes: { a: 'x'.repeat(1025) } }] }, /1024 bytes/],
  ] as const) {
    it(`answers 400 with a Status to ${what}`, async () => {
      const published = broker.counters().published;
      const response = await post(publish, body);
      assert.equal(response.status, 400);
      const { error } = JSON.parse(await response.text());
      assert.deepEqual([error.code, error.status], [400, 'INVALID_ARGUMENT']);
      assert.match(error.message, expected);
      assert.equal(broker.counters().published, published);
    });
  }

  it('answers 404 for another project, another topic, another method', async () => {
    const body = { messages: [{ data }] };
    for (const path of [
      '/v1/projects/p2/topics/firebreak-requests:publish',
      '/v1/projects/p1/topics/requests:publish',
      '/v1/projects/p1/topics/firebreak-requests:pull',
      '/v1/projects/p1/topics/firebreak-requests/../x:publish',
    ]) {
      assert.equal((await post(path, body)).status, 404, path);
    }
    assert.equal((await fetch(broker.address)).status, 200);
  });

  it('refuses requests from web pages: an Origin, a foreign Host, a form', async () => {
    const body = { messages: [{ data }] };
    assert.equal((await post(publish, body, { origin: 'https://example.com' })).status, 403);
    assert.equal((await post(publish, body, { 'content-type': 'text/plain' })).status, 400);
    const status = await new Promise((resolve) => {
      const sent = request(new URL(publish, broker.address), { method: 'POST', headers: { host: 'example.com' } });
      sent.on('response', (response) => resolve(response.resume().statusCode));
      sent.end();
    });
    assert.equal(status, 403);
  });

  it('serves the REST bus of the functions', async () => {
    const bus = makeRestBus({ endpoint: broker.address, project: 'p1' });
    const id = await bus.publish('notices', { text: 'ü' }, { a: 'b' });
    const kept = broker.published('notices').at(-1);
    assert.equal(kept?.messageId, id);
    assert.equal(Buffer.from(kept?.data ?? '', 'base64').toString(), '{"text":"ü"}');
  });

  it('accepts what the REST bus publishes at once, each message under its own id', async () => {
    const bus = makeRestBus({ endpoint: broker.address, project: 'p1' });
    const ids = await Promise.all([1, 2, 3].map((n) => bus.publish('notices', { n })));
    const kept = broker.published('notices').slice(-3);
    assert.deepEqual(
      kept.map((m) => m.messageId),
      ids,
    );
    assert.deepEqual(
      kept.map((m) => Buffer.from(m.data, 'base64').toString()),
      ['{"n":1}', '{"n":2}', '{"n":3}'],
    );
  });

  it('does not let one refused message hold up the others', async () => {
    const bus = makeRestBus({ endpoint: broker.address, project: 'p1' });
    const outcomes = await Promise.allSettled([
      bus.publish('notices', { n: 1 }),
      bus.publish('notices', { n: 2 }, { a: 'x'.repeat(1025) }),
      bus.publish('notices', { n: 3 }),
    ]);
    assert.deepEqual(
      outcomes.map((o) => (o.status === 'fulfilled' ? 'taken' : o.reason instanceof Transient)),
      ['taken', true, 'taken'],
    );
  });

  it('makes the REST bus throw Transient if the broker is gone or refuses', async () => {
    const other = makeRestBus({ endpoint: broker.address, project: 'p2' });
    await assert.rejects(other.publish('notices', {}), Transient);
    const gone = await startBroker({ project: 'p1' });
    await gone.stop();
    await assert.rejects(makeRestBus({ endpoint: gone.address, project: 'p1' }).publish('notices', {}), (thrown) => {
      return thrown instanceof Transient && !(thrown instanceof Denied) && /is the bus running/.test(thrown.message);
    });
  });
});
