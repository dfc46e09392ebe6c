import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cryptominer } from '../../local/scenarios/cryptominer.ts';
import { systemClock } from '../../shared/adapters/clock.ts';
import { at, record, text } from '../../shared/kubernetes/loose.ts';
import { LOG_METRICS, type LogMetric } from '../../shared/log-metrics.ts';
import { FUNCTIONS, TIERS } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { readTraceparent } from '../../shared/trace.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../kit/otlp-receiver.ts';
import { isCarriedOut, stackFor, until } from './kit.ts';

describe('one whole incident', function () {
  this.timeout(120_000);
  let receiver: OtlpReceiver;
  let whole: Awaited<ReturnType<typeof stackFor>>;
  let incident: Incident;

  before(async () => {
    receiver = await startOtlpReceiver();
    whole = await stackFor({ otlp: receiver.url });
    const { stack } = whole;
    const [exec] = cryptominer.events(stack.world, systemClock.now());
    assert.ok(exec !== undefined);
    await stack.publish(exec.topic, exec.body);
    await stack.publish('threat', { a: 'message that is none' });
    incident = await until(async () => (await stack.stores.incidents.list({})).items.find(isCarriedOut));
    await stack.idle();
  });
  after(async () => {
    await whole?.[Symbol.asyncDispose]();
    await receiver?.[Symbol.asyncDispose]();
  });

  it('is one trace, from the alert through detector, decision and every step to the notices', async () => {
    const traceId = readTraceparent(incident.trace)?.traceId;
    const mine = () => receiver.spans.filter((span) => span.traceId === traceId);
    const steps = () => new Set(mine().flatMap(({ name }) => /^step (.*)$/.exec(name)?.[1] ?? []));
    const wanted = new Set(incident.journal.map(({ step }) => step));
    assert.ok(wanted.size >= 10, [...wanted].join());
    const isThere = (name: string): boolean => mine().some(({ service }) => service === name);
    await until(() => [...wanted].every((step) => steps().has(step)) && isThere('firebreak-notify'));
    await until(() =>
      mine().every(
        ({ parentSpanId }) => parentSpanId === undefined || mine().some((one) => one.spanId === parentSpanId),
      ),
    );

    const roots = mine().filter(({ parentSpanId }) => parentSpanId === undefined);
    assert.deepEqual(
      roots.map(({ service, name }) => [service, name]),
      [['firebreak-detect-audit-log', 'firebreak-audit-log process']],
    );
    const services = new Set(mine().map(({ service }) => service));
    for (const name of ['detect-audit-log', 'decide', 'contain', 'notify'])
      assert.ok(services.has(`firebreak-${name}`), name);

    /** The names of a span and its ancestors, up to the root. */
    const above = (name: string): string[] => {
      const found = mine().find((span) => span.name === name);
      const path: string[] = [];
      for (let at = found; at !== undefined; at = mine().find(({ spanId }) => spanId === at?.parentSpanId))
        path.push(at.name);
      return path;
    };
    assert.deepEqual(above('step quarantine-pod'), [
      'step quarantine-pod',
      'contain',
      'firebreak-findings process',
      'firebreak-findings send',
      'firebreak-audit-log process',
    ]);
    const contains = mine().filter(({ name }) => name === 'contain');
    for (const { attributes, links } of contains) {
      assert.equal(attributes['firebreak.incident'], incident.id);
      assert.ok(TIERS.some((tier) => tier === attributes['firebreak.tier']));
      assert.equal(links.length, 1);
    }

    // The log lines carry the same trace.
    const lines = await linesOf(whole.stack.dir);
    const traced = lines.filter((line) => line['logging.googleapis.com/trace'] === `projects/p1/traces/${traceId}`);
    assert.deepEqual(
      new Set(traced.map((line) => line.function)),
      new Set(['detect-audit-log', 'decide', 'contain', 'notify']),
    );
    for (const line of lines.filter(({ arrow }) => arrow === 'step -> record')) assert.ok(traced.includes(line));
  });

  it('writes log lines that hold the fields of every log metric', async () => {
    const lines = await linesOf(whole.stack.dir);
    for (const metric of LOG_METRICS.filter(({ name }) => name !== 'firebreak/redeliveries')) {
      const found = lines.filter((line) => isOf(metric, line));
      assert.ok(found.length > 0, metric.name);
      for (const line of found) {
        for (const [label, path] of Object.entries(metric.labels))
          assert.ok(label === 'proof' || text(at(line, ...path.split('.'))) !== undefined, `${metric.name}: ${label}`);
        if (metric.value !== undefined) assert.equal(typeof at(line, ...metric.value.field.split('.')), 'number');
      }
    }
  });
});

type Line = Readonly<Record<string, unknown>>;

const linesOf = async (dir: string): Promise<Line[]> => {
  const files = await Promise.all(FUNCTIONS.map((name) => readFile(join(dir, 'logs', `${name}.log`), 'utf8')));
  return files.flatMap((file) =>
    file.split('\n').flatMap((line) => (line.startsWith('{') ? [record(JSON.parse(line)) ?? {}] : [])),
  );
};

const isOf = ({ lines }: LogMetric, line: Line): boolean =>
  'counted' in lines
    ? line.count === 1
    : line.arrow === lines.arrow && (lines.state === undefined || at(line, 'fields', 'state') === lines.state);
