import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { makeDetectCryptomining } from '../../../functions/detect-cryptomining/handler.ts';
import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { type CpuIncident, cpuIncident } from '../../../local/scenarios/monitoring-incident.ts';
import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import type { Envelope } from '../../../shared/envelope.ts';
import { Denied, Malformed, Transient } from '../../../shared/errors.ts';
import { record } from '../../../shared/kubernetes/loose.ts';
import { type Finding, finding } from '../../../shared/model/finding.ts';
import { timeOf } from '../../../shared/model/time.ts';
import type { Bus, DocStore, MetricsReader } from '../../../shared/ports.ts';
import { type MemoryDocument, openMemoryStores } from '../../../shared/store/memory.ts';
import { keptLog } from '../../kit/kept-log.ts';
import { flat, metricsOf } from '../../kit/metrics.ts';

const NOW = Date.parse('2026-11-03T03:14:04.000Z');
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };
const POD = { kind: 'pod', namespace: 'shop', pod: 'cart-7d9f', container: 'cart' } as const;

const sent = (of: Partial<CpuIncident> = {}, over: Record<string, unknown> = {}): Record<string, unknown> => {
  const whole = cpuIncident({ id: '0.mtdi83m6w8ao', cluster: CLUSTER, on: POD, startedAt: NOW - 600_000, ...of });
  return { ...whole, incident: { ...record(whole.incident), ...over } };
};
const OPEN = sent();
const CLOSED = sent({ state: 'closed' });

const envelope = (data: unknown): Envelope => ({
  id: '7',
  topic: 'cpu',
  attributes: {},
  data,
  publishedAt: '2026-11-03T03:14:00.000Z',
});

type Marks = DocStore<MemoryDocument>;

/** A handler whose published findings and log lines are kept. */
const detector = (
  faults: { publish?: Bus['publish']; marks?: (marks: Marks) => Marks; metrics?: MetricsReader } = {},
) => {
  const published: Finding[] = [];
  const { log, lines } = keptLog();
  const publish: Bus['publish'] = async (topic, body) => {
    assert.equal(topic, 'findings');
    published.push(finding.strict().parse(body));
    return String(published.length);
  };
  let now = NOW;
  const clock = { now: () => now, random: () => randomBytes(16).toString('hex') };
  const pass = (ms: number): void => {
    now += ms;
  };
  const { marks } = openMemoryStores({ raw: makeMemoryStore(clock), clock });
  const memory = { marks: faults.marks?.(marks) ?? marks };
  const { metrics } = faults;
  const bus = { publish: faults.publish ?? publish };
  const detect = makeDetectCryptomining({ bus, clock, log, memory, ...(metrics === undefined ? {} : { metrics }) });
  return { published, lines, marks, pass, detect: (data: unknown) => detect(envelope(data)) };
};

describe('detect-cryptomining', () => {
  it('publishes the findings of the rules for an open incident, and logs each arrow', async () => {
    const { published, lines, detect } = detector();
    await detect(OPEN);
    assert.deepEqual(
      published.map(({ rule, target }) => [rule, target]),
      [['sustained-high-cpu', { ...CLUSTER, namespace: 'shop', pod: 'cart-7d9f' }]],
    );
    assert.equal(lines.filter((line) => line.startsWith('info envelope -> signal')).length, 1);
    assert.equal(lines.filter((line) => line.startsWith('info signal -> finding')).length, 1);
  });

  it('publishes the same finding id for a redelivery and a renotification, and another for the next incident', async () => {
    const { published, detect, pass } = detector();
    for (const again of [OPEN, sent({}, { renotify: true, observed_value: '0.991' }), sent({ id: '0.next' })]) {
      pass(60_000);
      await detect(OPEN);
      await detect(again);
    }
    const ids = published.map(({ id }) => id);
    assert.equal(ids.length, 5, 'the redelivery at once is dropped; the renotification tells of another value');
    assert.equal(new Set(ids.slice(0, 4)).size, 1);
    assert.equal(new Set(ids).size, 2);
  });

  it('reads the time series behind an incident, and reports its shape', async () => {
    const use = flat(0.97, { from: NOW - 7_200_000 });
    const metrics = metricsOf([{ pod: 'cart-7d9f', limit: 1, use }]);
    const { published, lines, detect } = detector({ metrics });
    await detect(OPEN);
    assert.equal(published.length, 1);
    assert.match(published[0]?.because.join() ?? '', /flat at 90 % or more for an hour/);
    assert.match(lines.join('\n'), /info signal -> series: its course is strong-plateau-hour/);
  });

  // An outage of Cloud Monitoring or a missing right must not hide a miner.
  it('publishes a finding with low confidence if the series cannot be read, and counts that', async () => {
    const metrics = { series: async () => Promise.reject(new Denied('answered 403')) };
    const { published, lines, detect } = detector({ metrics });
    await detect(sent({ shape: 'strong-plateau-hour' }));
    assert.deepEqual(
      published.map(({ severity, confidence }) => [severity, confidence]),
      [['low', 0.35]],
    );
    assert.match(lines.join('\n'), /count series-unread: Cloud Monitoring: answered 403/);
  });

  it('reads no series for an incident that has ended', async () => {
    const metrics = metricsOf([]);
    const { detect } = detector({ metrics });
    await detect(CLOSED);
    await detect(OPEN);
    assert.deepEqual(metrics.asked, []);
  });

  // A resolved alert must not act on a pod that runs well again.
  it('publishes nothing for the end of an incident, and remembers the end for as long as a message is kept', async () => {
    const { published, lines, marks, detect } = detector();
    await detect(CLOSED);
    assert.deepEqual(published, []);
    assert.match(lines.join('\n'), /info signal -> mark: alert "0\.mtdi83m6w8ao" has ended/);
    const [mark, ...others] = (await marks.list({})).items;
    assert.deepEqual(others, []);
    const topics = readFileSync(new URL('../../../terraform/topics.tf', import.meta.url), 'utf8');
    const kept = [...topics.matchAll(/message_retention_duration += "(\d+)s"/g)].map(([, seconds]) => Number(seconds));
    assert.equal(mark?.expireAt, timeOf(NOW + 1000 * Math.max(...kept)));
  });

  it('drops and counts an open notification that comes after the end', async () => {
    const { published, lines, detect } = detector();
    await detect(CLOSED);
    await detect(OPEN);
    await detect(OPEN);
    assert.deepEqual(published, []);
    assert.equal(lines.filter((line) => line.startsWith('count alert-is-over: alert "0.mtdi83m6w8ao"')).length, 2);
    await detect(sent({ id: '0.next' }));
    assert.equal(published.length, 1);
  });

  it('publishes no more once the end has come, and takes no finding back', async () => {
    const { published, detect } = detector();
    await detect(OPEN);
    await detect(CLOSED);
    await detect(CLOSED);
    await detect(OPEN);
    assert.equal(published.length, 1);
  });

  it('leaves one mark and stays silent afterwards, whichever of open and end is faster', async () => {
    for (const order of [
      [OPEN, CLOSED],
      [CLOSED, OPEN],
    ]) {
      const { published, marks, detect } = detector();
      await Promise.all([...order, ...order].map(detect));
      const before = published.length;
      assert.ok(before <= 2);
      assert.ok(new Set(published.map(({ id }) => id)).size <= 1);
      await detect(OPEN);
      assert.equal(published.length, before);
      assert.equal((await marks.list({})).items.length, 1);
    }
  });

  it('ignores a test notification, and counts it', async () => {
    const { published, lines, marks, detect } = detector();
    await detect({ ...sent({}, { state: 'OPEN' }), version: 'test' });
    assert.deepEqual(published, []);
    assert.deepEqual((await marks.list({})).items, []);
    assert.match(lines.join('\n'), /^count no-signal: a test notification/);
  });

  it('counts an incident about another metric or about logs', async () => {
    const { published, lines, detect } = detector();
    await detect(sent({}, { metric: { type: 'kubernetes.io/container/memory/used_bytes', labels: {} } }));
    await detect(sent({}, { condition: { conditionMatchedLog: { filter: 'f' } } }));
    assert.deepEqual(published, []);
    assert.equal(lines.filter((line) => line.startsWith('count no-signal')).length, 2);
  });

  it('fails until the finding is on the bus, or the end is stored', async () => {
    const away = async (): Promise<never> => {
      throw new Transient('it is away');
    };
    await assert.rejects(detector({ publish: away }).detect(OPEN), Transient);
    await assert.rejects(detector({ marks: (marks) => ({ ...marks, put: away }) }).detect(CLOSED), Transient);
    // Whether the alert has ended is unknown. No evidence is better than wrong evidence, and the message comes again.
    const blind = detector({ marks: (marks) => ({ ...marks, get: away }) });
    await assert.rejects(blind.detect(OPEN), Transient);
    assert.deepEqual(blind.published, []);
  });

  const malformed: Array<[string, unknown, RegExp]> = [
    ['what no source knows', { a: 1 }, /not one of/],
    ['an audit log entry', auditEntry({ verb: 'get', resource: 'pods' }), /of gke-audit-log, which is not read on/],
    ['an alert of another detector', { rule: 'r', output: 'o', priority: 'Warning' }, /of falco, which is not read on/],
    ['an incident without its beginning', sent({}, { started_at: null }), /no readable started_at/],
  ];
  for (const [what, data, sentence] of malformed) {
    it(`refuses ${what}`, async () => {
      const { published, detect } = detector();
      await assert.rejects(detect(data), (thrown) => thrown instanceof Malformed && sentence.test(thrown.message));
      assert.deepEqual(published, []);
    });
  }
});
