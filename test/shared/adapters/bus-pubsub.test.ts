import { strict as assert } from 'node:assert';
import { setImmediate } from 'node:timers/promises';
import sinon from 'sinon';
import { makePubSubBus } from '../../../shared/adapters/bus-pubsub.ts';
import { Denied, Transient } from '../../../shared/errors.ts';
import { startServer } from '../../kit/listening.ts';

const SILENCE = 0;

// Answers that the emulator never gives.
describe('makePubSubBus', () => {
  const answers: Array<[status: number, body: unknown]> = [];
  const asked: Array<{ url: string; body: unknown }> = [];
  let server: Awaited<ReturnType<typeof startServer>>;
  let bus: ReturnType<typeof makePubSubBus>;
  beforeEach(async () => {
    server = await startServer(async (request, response) => {
      const text = Buffer.concat(await request.toArray()).toString('utf8');
      asked.push({ url: request.url ?? '', body: JSON.parse(text) });
      const [status, body] = answers.shift() ?? [500, {}];
      if (status === SILENCE) return;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    bus = makePubSubBus({ project: 'p1', emulator: server.host });
    asked.length = 0;
    answers.length = 0;
  });
  afterEach(async () => {
    await bus.close();
    await server.stop();
  });
  const refusal = (code: number, status: string): [number, unknown] => [
    code,
    { error: { code, status, message: 'no' } },
  ];

  it('sends each message by itself, retries if the service is busy, and returns the id', async () => {
    answers.push(refusal(503, 'UNAVAILABLE'), [200, { messageIds: ['7'] }]);
    assert.equal(await bus.publish('findings', { n: 1 }, { origin: 'test' }), '7');
    assert.equal(asked.length, 2);
    for (const { url, body } of asked) {
      assert.match(url, /^\/v1\/projects\/p1\/topics\/firebreak-findings:publish(\?|$)/);
      const data = Buffer.from('{"n":1}').toString('base64');
      assert.deepEqual(body, { messages: [{ data, attributes: { origin: 'test' } }] });
    }
  });

  it('throws Denied if publishing is not allowed', async () => {
    for (const [code, status] of [
      [403, 'PERMISSION_DENIED'],
      [401, 'UNAUTHENTICATED'],
    ] as const) {
      answers.push(refusal(code, status));
      await assert.rejects(bus.publish('findings', {}), (thrown) => {
        assert.ok(thrown instanceof Denied, String(thrown));
        return thrown.message.includes('firebreak-findings');
      });
    }
  });

  it('throws Transient after a while without an answer, whatever the library still waits for', async () => {
    const timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      answers.push([SILENCE, {}]);
      const published = bus.publish('findings', {});
      while (asked.length === 0) await setImmediate();
      timers.tick(25_000);
      await assert.rejects(published, (thrown) => thrown instanceof Transient && /25000 ms/.test(thrown.message));
    } finally {
      timers.restore();
    }
  });

  it('tells the last of many failures, once', async () => {
    const timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    try {
      answers.push(...Array.from({ length: 500 }, () => refusal(503, 'UNAVAILABLE')));
      const thrown: unknown[] = [];
      bus.publish('findings', {}).catch((error: unknown) => thrown.push(error));
      while (thrown.length === 0) {
        timers.tick(100);
        await setImmediate();
      }
      assert.ok(asked.length > 1);
      // The service's own answer, or that there was none in time.
      assert.match(String(thrown), /^Transient: publishing to firebreak-findings: no success in 20 s: [^\n]{2,150}$/);
    } finally {
      timers.restore();
    }
  });

  it('throws Transient for anything else, so that the message that led to the publishing comes again', async () => {
    for (const answer of [
      refusal(404, 'NOT_FOUND'),
      refusal(400, 'INVALID_ARGUMENT'),
      [200, {}] as [number, unknown],
    ]) {
      answers.push(answer);
      await assert.rejects(bus.publish('findings', {}), Transient);
    }
  });
});
