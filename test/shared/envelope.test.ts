import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { readEnvelope } from '../../shared/envelope.ts';
import { Malformed } from '../../shared/errors.ts';

const NOW = Date.parse('2026-03-01T10:00:00.000Z');
const SOURCE = '//pubsub.googleapis.com/projects/p1/topics/firebreak-findings';
const base64 = (body: unknown): string => Buffer.from(JSON.stringify(body)).toString('base64');
const message = {
  data: base64({ rule: 'privileged-pod' }),
  attributes: { origin: 'sensor' },
  messageId: '42',
  message_id: '42',
  publishTime: '2026-03-01T09:59:58.123456Z',
};
const subscription = 'projects/p1/subscriptions/firebreak-decide-findings';

const binary = (body: unknown = { subscription, message, deliveryAttempt: 3 }, source: unknown = SOURCE): unknown => ({
  id: '42',
  specversion: '1.0',
  type: 'google.cloud.pubsub.topic.v1.messagePublished',
  source,
  time: '2026-03-01T09:59:58Z',
  data: body,
});

describe('readEnvelope', () => {
  it('reads a binary CloudEvent with subscription, attempt and trace', () => {
    const event = { ...Object(binary()), traceparent: `00-${'a1'.repeat(16)}-${'b2'.repeat(8)}-01` };
    assert.deepEqual(readEnvelope(event, NOW), {
      id: '42',
      topic: 'findings',
      attributes: { origin: 'sensor' },
      data: { rule: 'privileged-pod' },
      publishedAt: '2026-03-01T09:59:58.123Z',
      subscription,
      deliveryAttempt: 3,
      trace: { traceId: 'a1'.repeat(16), spanId: 'b2'.repeat(8) },
    });
  });

  it('reads a structured CloudEvent without the optional attributes', () => {
    assert.equal(readEnvelope({ source: SOURCE, data: { message } }, NOW).id, '42');
  });

  it('reads the event that the framework makes of a push, without subscription and attempt', () => {
    const { message_id: _, ...kept } = message;
    const converted = binary({ message: { '@type': 'type.googleapis.com/google.pubsub.v1.PubsubMessage', ...kept } });
    const envelope = readEnvelope(converted, NOW);
    assert.equal(envelope.topic, 'findings');
    assert.equal('subscription' in envelope, false);
    assert.equal('deliveryAttempt' in envelope, false);
  });

  it('refuses a raw push body, which has no topic', () => {
    const raw = { subscription, message: { attributes: { topic: 'firebreak-findings' }, messageId: '42' } };
    assert.throws(() => readEnvelope(raw, NOW), /no readable topic/);
  });

  it('takes the topic from the source and never from an attribute', () => {
    const forged = { ...message, attributes: { topic: 'containment', source: '//x/topics/firebreak-containment' } };
    assert.equal(readEnvelope(binary({ message: forged }), NOW).topic, 'findings');
  });

  for (const source of [
    null,
    7,
    '//pubsub.googleapis.com/',
    '//pubsub.googleapis.com/projects/p1/topics/findings',
    '//pubsub.googleapis.com/projects/p1/topics/firebreak-findings/../firebreak-containment',
    '//example.com/projects/p1/topics/firebreak-findings',
    `//pubsub.googleapis.com/projects/p1/topics/firebreak-${'a'.repeat(300)}`,
  ]) {
    it(`refuses the source ${String(source).slice(0, 60)}`, () => {
      assert.throws(() => readEnvelope(binary(undefined, source), NOW), Malformed);
    });
  }

  for (const [what, change, expected] of [
    ['a missing id', { messageId: undefined, message_id: undefined }, /no readable message id/],
    ['an id that is a path', { messageId: '../x' }, /no readable message id/],
    ['no data', { data: undefined }, /has no data/],
    ['data that is not base64', { data: '%%%' }, /is not base64/],
    ['data that is not JSON', { data: Buffer.from('<b>').toString('base64') }, /is not JSON/],
    ['data that is not UTF-8', { data: Buffer.from([0x22, 0xff, 0x22]).toString('base64') }, /is not JSON/],
    ['attributes that are not strings', { attributes: { a: 1 } }, /message.attributes/],
  ] as const) {
    it(`refuses ${what}`, () => {
      const read = () => readEnvelope(binary({ message: { ...message, ...change } }), NOW);
      assert.throws(read, expected);
      assert.throws(read, Malformed);
    });
  }

  it('does not quote the refused body', () => {
    const data = Buffer.from('{"password": hunter2').toString('base64');
    assert.throws(
      () => readEnvelope(binary({ message: { ...message, data } }), NOW),
      (error) => error instanceof Malformed && !error.message.includes('hunter2'),
    );
  });

  it('reads base64 in the URL-safe alphabet too, which gcloud sends', () => {
    const text = JSON.stringify({ s: '???>>>' });
    const data = Buffer.from(text).toString('base64url');
    assert.match(data, /[-_]/);
    assert.deepEqual(readEnvelope(binary({ message: { ...message, data } }), NOW).data, { s: '???>>>' });
  });

  it('takes the current time if the publish time is unreadable', () => {
    const event = { source: SOURCE, data: { message: { ...message, publishTime: 'yesterday' } } };
    assert.equal(readEnvelope(event, NOW).publishedAt, '2026-03-01T10:00:00.000Z');
  });

  it('throws only Malformed, for any input', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), fc.anything(), (outer, inner) => {
        for (const event of [outer, binary(inner), binary({ message: inner }), { source: SOURCE, ...Object(outer) }]) {
          try {
            readEnvelope(event, NOW);
          } catch (thrown) {
            assert.ok(thrown instanceof Malformed);
          }
        }
      }),
    );
  });

  it('returns every JSON body as it was sent', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        const { data } = readEnvelope(binary({ message: { ...message, data: base64(body) } }), NOW);
        assert.equal(JSON.stringify(data), JSON.stringify(body));
      }),
    );
  });
});
