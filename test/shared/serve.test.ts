import { strict as assert } from 'node:assert';
import { makeStdoutLog } from '../../shared/adapters/log-stdout.ts';
import type { Envelope } from '../../shared/envelope.ts';
import { Conflict, Denied, Malformed, Transient } from '../../shared/errors.ts';
import { FUNCTIONS, TOPICS } from '../../shared/model/ids.ts';
import { type Handler, serve, TOPICS_OF } from '../../shared/serve.ts';

const event = (topic: string, data: unknown = { incident: 'i1' }): unknown => ({
  source: `//pubsub.googleapis.com/projects/p1/topics/firebreak-${topic}`,
  traceparent: `00-${'a1'.repeat(16)}-${'b2'.repeat(8)}-01`,
  data: { message: { messageId: '7', data: Buffer.from(JSON.stringify(data)).toString('base64') } },
});

const served = (handler: Handler) => {
  let ticks = 0;
  const clock = { now: () => 0, monotonic: () => 5 * ticks++ };
  const lines: Array<Record<string, unknown>> = [];
  const write = (line: string) => void lines.push(JSON.parse(line));
  const log = makeStdoutLog({ function: 'contain', project: 'p1', clock, write });
  return { call: serve(handler, { log, clock, topics: ['containment'] }), lines, log };
};

describe('serve', () => {
  it('declares one parameter, so that the framework does not wait for a callback', () => {
    assert.equal(served(async () => {}).call.length, 1);
  });

  it('passes on the envelope, and writes one line with duration and trace', async () => {
    const seen: Envelope[] = [];
    const { call, lines } = served(async (envelope) => void seen.push(envelope));
    await call(event('containment'));
    assert.deepEqual(seen[0]?.data, { incident: 'i1' });
    assert.equal(lines.length, 1);
    assert.equal(lines[0]?.arrow, 'envelope -> acknowledged');
    assert.equal(lines[0]?.['logging.googleapis.com/trace'], `projects/p1/traces/${'a1'.repeat(16)}`);
    assert.deepEqual(lines[0]?.fields, { id: '7', topic: 'containment', ms: 5 });
  });

  it('adds to that line what the handler tells, without overwriting its own fields', async () => {
    const { call, lines } = served(async (_, tell) => tell('nothing seen', { method: 'list', id: 'another' }));
    await call(event('containment'));
    assert.deepEqual(
      lines.map(({ message, fields }) => ({ message, fields })),
      [{ message: 'nothing seen', fields: { method: 'list', id: '7', topic: 'containment', ms: 5 } }],
    );
  });

  it('writes every line within a delivery with the trace of the delivery', async () => {
    const { call, lines, log } = served(async () => log.info('plan -> step', 'inside'));
    await call(event('containment'));
    log.info('x', 'outside');
    assert.deepEqual(
      lines.map((line) => 'logging.googleapis.com/trace' in line),
      [true, true, false],
    );
  });

  it('acknowledges and counts an unreadable event, another topic, and Malformed from the handler', async () => {
    const { call, lines } = served(async () => {
      throw new Malformed('no such action');
    });
    await call({ subscription: 's', message: {} });
    await call(event('requests'));
    await call(event('containment'));
    assert.deepEqual(
      lines.map(({ metric, count, message }) => ({ metric, count, message })),
      [
        {
          metric: 'malformed',
          count: 1,
          message: 'no readable topic: push to a path that ends in projects/PROJECT/topics/TOPIC',
        },
        { metric: 'malformed', count: 1, message: 'topic requests is not one of ours: expected containment' },
        { metric: 'malformed', count: 1, message: 'no such action' },
      ],
    );
  });

  for (const error of [new Transient('later'), new Denied('no'), new Conflict('first'), new TypeError('a bug')]) {
    it(`rethrows ${error.name}, so that the message is delivered again`, async () => {
      const { call, lines } = served(async () => {
        throw error;
      });
      await assert.rejects(call(event('containment')), (thrown) => thrown === error);
      assert.equal(lines[0]?.severity, 'ERROR');
    });
  }

  for (const nothing of [undefined, null, 0, '', 'text']) {
    it(`throws Transient if the handler rejects with ${JSON.stringify(nothing)}`, async () => {
      const { call } = served(() => Promise.reject(nothing));
      await assert.rejects(call(event('containment')), (thrown) => thrown instanceof Transient);
    });
  }

  it('knows the topics of every function, and exactly one reader for every topic', () => {
    assert.deepEqual(Object.keys(TOPICS_OF).sort(), [...FUNCTIONS].sort());
    const read = Object.values(TOPICS_OF).flat();
    assert.equal(new Set(read).size, read.length);
    assert.deepEqual([...read].sort(), [...TOPICS].sort());
  });
});
