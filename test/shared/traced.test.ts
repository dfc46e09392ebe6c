import { strict as assert } from 'node:assert';
import { makeStdoutLog } from '../../shared/adapters/log-stdout.ts';
import { type Begun, makeSpans } from '../../shared/adapters/spans.ts';
import type { SpanFacts } from '../../shared/spans.ts';
import { readTraceparent } from '../../shared/trace.ts';
import { tracedBus, tracedLog } from '../../shared/traced.ts';

const PARENT = { traceId: 'a1'.repeat(16), spanId: 'b2'.repeat(8) };

type Told = { what: 'span' | 'event'; name: string; facts?: SpanFacts | undefined; agoMs?: number | undefined };

/** Spans that record what they are told, in order. */
const spansKept = () => {
  const told: Told[] = [];
  let count = 0;
  const spans = makeSpans({
    begin: (name, { parent, facts, agoMs }): Begun => {
      count += 1;
      told.push({ what: 'span', name, facts, agoMs });
      const spanId = String(count).padStart(16, '0');
      return {
        context: { traceId: parent?.traceId ?? PARENT.traceId, spanId },
        event: (event, of) => void told.push({ what: 'event', name: event, facts: of }),
        end: () => undefined,
      };
    },
    flush: async () => undefined,
  });
  return { spans, told };
};

describe('a traced bus', () => {
  const busTo = () => {
    const sent: Array<{ topic: string; attributes: Record<string, string> | undefined }> = [];
    const { spans, told } = spansKept();
    const bus = tracedBus(
      {
        publish: async (topic, _, attributes) => {
          sent.push({ topic, attributes });
          return '1';
        },
      },
      spans,
    );
    return { spans, told, sent, bus };
  };

  it('adds the sending span to the attributes', async () => {
    const { spans, sent, bus, told } = busTo();
    await spans.span('work', { parent: PARENT }, () => bus.publish('findings', {}, { 'firebreak-replay': 'd-1' }));
    const { traceparent, ...rest } = sent[0]?.attributes ?? {};
    assert.deepEqual(rest, { 'firebreak-replay': 'd-1' });
    assert.deepEqual(readTraceparent(traceparent), { traceId: PARENT.traceId, spanId: '2'.padStart(16, '0') });
    assert.deepEqual(
      told.map(({ name }) => name),
      ['work', 'firebreak-findings send'],
    );
  });

  it('sends the message unchanged outside a trace', async () => {
    const { sent, bus, told } = busTo();
    assert.equal(await bus.publish('requests', {}), '1');
    assert.deepEqual(sent, [{ topic: 'requests', attributes: {} }]);
    assert.deepEqual(told, []);
  });
});

describe('a traced log', () => {
  const logTo = () => {
    const lines: Array<Record<string, unknown>> = [];
    const { spans, told } = spansKept();
    const write = (line: string): void => void lines.push(JSON.parse(line));
    const plain = makeStdoutLog({ function: 'contain', project: 'p1', clock: { now: () => 0 }, write });
    return { lines, spans, told, log: tracedLog(plain, spans) };
  };

  it('writes its lines with the trace of the running span, in their order', async () => {
    const { lines, spans, log } = logTo();
    log.info('a', 'outside');
    await spans.span('work', { parent: PARENT }, async () => {
      log.info('b', 'inside');
      log.count('c', 'inside');
    });
    const trace = `projects/p1/traces/${PARENT.traceId}`;
    assert.deepEqual(
      lines.map((line) => [line.arrow ?? line.metric, line['logging.googleapis.com/trace']]),
      [
        ['a', undefined],
        ['b', trace],
        ['c', trace],
      ],
    );
  });

  it('records a step as a span with its duration and any other arrow as an event, with known facts only', async () => {
    const { spans, told, log } = logTo();
    await spans.span('work', {}, async () => {
      log.info('signal -> finding', 'seen', {
        rule: 'exec-miner',
        confidence: 0.95,
        target: { pod: 'x' },
        token: 'secret',
      });
      log.info('step -> record', 'done', { step: 'cordon-node', state: 'applied', ms: 87 });
      log.info('envelope -> acknowledged', 'handled', { ms: 90 });
      log.error('envelope -> delivered again', 'no', { ms: 90 });
    });
    assert.deepEqual(told.slice(1), [
      {
        what: 'event',
        name: 'signal -> finding',
        facts: { message: 'seen', 'firebreak.rule': 'exec-miner', 'firebreak.confidence': 0.95 },
      },
      {
        what: 'span',
        name: 'step cordon-node',
        agoMs: 87,
        facts: { message: 'done', 'firebreak.step': 'cordon-node', 'firebreak.state': 'applied' },
      },
    ]);
  });
});
