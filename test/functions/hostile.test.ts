import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { makeDetectAuditLog } from '../../functions/detect-audit-log/handler.ts';
import { makeDetectCryptomining } from '../../functions/detect-cryptomining/handler.ts';
import { makeDetectThreat } from '../../functions/detect-threat/handler.ts';
import { makeMemoryStore } from '../../shared/adapters/store-memory.ts';
import type { TracedLog } from '../../shared/log.ts';
import { finding } from '../../shared/model/finding.ts';
import type { Bus, LogReader } from '../../shared/ports.ts';
import { type Handler, serve } from '../../shared/serve.ts';
import { openMemoryStores } from '../../shared/store/memory.ts';
import { LOG_MATCH, OTHER_LOG, PAYLOADS } from '../fixtures/hostile.ts';
import { NOW } from '../fixtures/signals.ts';
import { C1 } from '../fixtures/threats.ts';
import { mangledOf } from '../kit/mangle.ts';

/** How many mangled messages each function gets. FIREBREAK_MANGLED sets another number. */
const RUNS = Number(process.env.FIREBREAK_MANGLED ?? 600);

const ALL = [...Object.values(PAYLOADS).flat(), LOG_MATCH, OTHER_LOG];

type Topic = 'audit-log' | 'cpu' | 'threat';
type Ends = { findings: number; refused: string[]; passedOver: number };

/** A function as functions-framework calls it, and counts of what became of its messages. */
const served = (topic: Topic): { call(event: unknown): Promise<void>; ends: Ends } => {
  const ends: Ends = { findings: 0, refused: [], passedOver: 0 };
  const none = (): void => undefined;
  const log: TracedLog = {
    info: none,
    warn: none,
    error: none,
    count: (metric, message) => {
      if (metric === 'malformed') ends.refused.push(message);
      else ends.passedOver += 1;
    },
    within: (_trace, run) => run(),
  };
  const bus: Bus = {
    publish: async (to, body) => {
      assert.equal(to, 'findings');
      finding.strict().parse(body);
      ends.findings += 1;
      return String(ends.findings);
    },
  };
  let at = NOW;
  const clock = {
    now: () => at,
    monotonic: () => at,
    random: () => randomBytes(16).toString('hex'),
    sleep: async (ms: number) => {
      at += ms;
    },
  };
  const { marks } = openMemoryStores({ raw: makeMemoryStore({ now: clock.now }), clock });
  const ports = { bus, clock, log, memory: { marks } };
  const logs: LogReader = { entries: async () => ALL };
  const handlers: Record<Topic, () => Handler> = {
    'audit-log': () => makeDetectAuditLog({ ...ports, logs }),
    cpu: () => makeDetectCryptomining(ports),
    threat: () => makeDetectThreat({ ...ports, project: 'p1', clusterOfTopic: new Map([['threat', C1]]) }),
  };
  return { call: serve(handlers[topic](), { log, clock, topics: [topic] }), ends };
};

const eventOf = (topic: Topic, payload: unknown): Record<string, unknown> => ({
  specversion: '1.0',
  id: '7',
  type: 'google.cloud.pubsub.topic.v1.messagePublished',
  source: `//pubsub.googleapis.com/projects/p1/topics/firebreak-${topic}`,
  data: {
    subscription: `projects/p1/subscriptions/firebreak-${topic}`,
    message: {
      messageId: '7',
      attributes: {},
      data: Buffer.from(JSON.stringify(payload ?? null)).toString('base64'),
    },
  },
});

const OWN: Readonly<Record<Topic, readonly unknown[]>> = {
  'audit-log': [...(PAYLOADS['gke-audit-log'] ?? []), ...(PAYLOADS['admin-audit-log'] ?? []), LOG_MATCH],
  cpu: PAYLOADS['monitoring-incident'] ?? [],
  threat: [...(PAYLOADS['security-command-center'] ?? []), ...(PAYLOADS.falco ?? [])],
};

describe('a message that a stranger sends to a detector', () => {
  for (const topic of ['audit-log', 'cpu', 'threat'] as const) {
    it(`ends on ${topic} as a finding, without effect, or refused with a sentence, and never throws`, async function () {
      this.timeout(60_000 + RUNS * 40);
      const { call, ends } = served(topic);
      for (const payload of OWN[topic]) await call(eventOf(topic, payload));
      assert.ok(ends.findings > 0);
      const own = mangledOf(OWN[topic]).map((payload) => eventOf(topic, payload));
      const others = mangledOf(ALL).map((payload) => eventOf(topic, payload));
      const envelopes = mangledOf(OWN[topic].map((payload) => eventOf(topic, payload)));
      // A message whose handler throws is delivered again and again.
      await fc.assert(
        fc.asyncProperty(fc.oneof({ arbitrary: own, weight: 4 }, others, envelopes), (event) => call(event)),
        { numRuns: RUNS },
      );
      assert.ok(ends.refused.length > 0);
      for (const sentence of ends.refused) assert.ok(sentence.length >= 10, sentence);
    });
  }
});
