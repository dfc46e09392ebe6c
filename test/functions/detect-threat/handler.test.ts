import { strict as assert } from 'node:assert';
import { makeDetectThreat } from '../../../functions/detect-threat/handler.ts';
import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { falcoAlert, falcoPlace } from '../../../local/scenarios/falco-alert.ts';
import { sccFinding } from '../../../local/scenarios/scc-finding.ts';
import type { Envelope } from '../../../shared/envelope.ts';
import { Malformed, Transient } from '../../../shared/errors.ts';
import { type Finding, finding } from '../../../shared/model/finding.ts';
import type { Bus } from '../../../shared/ports.ts';
import { NOW } from '../../fixtures/signals.ts';
import { C1 } from '../../fixtures/threats.ts';
import { keptLog } from '../../kit/kept-log.ts';

const POD = { ns: 'shop', name: 'cart-0' };
const SHELL = 'Terminal shell in container';

const envelope = (data: unknown, over: Partial<Envelope> = {}): Envelope => ({
  id: '7',
  topic: 'threat',
  attributes: {},
  data,
  publishedAt: '2026-03-02T10:16:00.000Z',
  ...over,
});

/** A handler whose published findings and log lines are kept. */
const detector = (publish?: Bus['publish']) => {
  const published: Finding[] = [];
  const { log, lines } = keptLog();
  const bus: Bus = {
    publish:
      publish ??
      (async (topic, body) => {
        assert.equal(topic, 'findings');
        return String(published.push(finding.strict().parse(body)));
      }),
  };
  const clusterOfTopic = new Map([['threat-c1', C1]]);
  let now = NOW;
  return {
    published,
    lines,
    detect: makeDetectThreat({ bus, clock: { now: () => now }, log, project: 'p1', clusterOfTopic }),
    pass: (ms: number): void => {
      now += ms;
    },
  };
};

describe('detect-threat', () => {
  it('publishes a finding for each pod of an alert, and the same findings for a later redelivery', async () => {
    const { published, lines, detect, pass } = detector();
    const notification = envelope(
      sccFinding({ category: 'Reverse Shell', pods: [POD, { ns: 'shop', name: 'cart-1' }] }),
    );
    await detect(notification);
    assert.deepEqual(
      published.map(({ rule, target }) => [rule, target.pod]),
      [
        ['scc-reverse-shell', 'cart-0'],
        ['scc-reverse-shell', 'cart-1'],
      ],
    );
    await detect(notification);
    assert.equal(published.length, 2);
    pass(60_000);
    await detect(notification);
    assert.deepEqual(published.slice(0, 2), published.slice(2));
    assert.equal(lines.filter((line) => line.startsWith('info signal -> finding')).length, 4);
  });

  it('takes the cluster of a Falco alert from its attributes or from the topic mapped to it', async () => {
    const { published, detect, pass } = detector();
    const alert = falcoAlert({ rule: SHELL, cluster: null });
    await detect(envelope(alert));
    await detect(envelope(alert, { attributes: falcoPlace(C1) }));
    pass(60_000);
    await detect(envelope(alert, { topic: 'threat-c1' }));
    const pod = { ...C1, namespace: 'shop', pod: 'cart-0' };
    assert.deepEqual(
      published.map(({ target }) => target),
      [{ project: 'p1' }, pod, pod],
    );
  });

  it('does not take the cluster of a Security Command Center finding from its topic', async () => {
    const { published, detect } = detector();
    const resourceName = '//cloudresourcemanager.googleapis.com/projects/p1';
    await detect(
      envelope(sccFinding({ category: 'Reverse Shell', pods: [POD], resourceName }), { topic: 'threat-c1' }),
    );
    assert.deepEqual(
      published.map(({ target }) => target),
      [{ project: 'p1' }],
    );
  });

  it('counts a resolved or muted finding and a test alert without publishing', async () => {
    const { published, lines, detect } = detector();
    await detect(envelope(sccFinding({ category: 'Reverse Shell', state: 'INACTIVE' })));
    await detect(envelope(sccFinding({ category: 'Reverse Shell', mute: 'MUTED' })));
    await detect(envelope(falcoAlert({ rule: 'Test rule' })));
    assert.deepEqual(published, []);
    assert.deepEqual(
      lines.map((line) => /^count no-signal: .*(INACTIVE|muted|test)/.exec(line)?.[1] ?? line),
      ['INACTIVE', 'muted', 'test'],
    );
  });

  it('fails until every finding is on the bus', async () => {
    const { detect } = detector(async () => {
      throw new Transient('the bus is away');
    });
    await assert.rejects(detect(envelope(falcoAlert({ rule: SHELL }))), Transient);
  });

  it('refuses a message of another source', async () => {
    const { published, detect } = detector();
    const entry = auditEntry({
      verb: 'create',
      resource: 'pods',
      subresource: 'exec',
      namespace: 'shop',
      name: 'cart-0',
    });
    // This one means nothing on its own topic either, but here it must not count as an alert without meaning.
    const test = { version: 'test', incident: { incident_id: '12345', state: 'OPEN' } };
    for (const data of [entry, { a: 1 }, test]) await assert.rejects(detect(envelope(data)), Malformed);
    await assert.rejects(
      detect(envelope(test)),
      /message 7 is of monitoring-incident, which is not read on this topic/,
    );
    assert.deepEqual(published, []);
  });

  it('believes no finding in a log, into which any node could have written it', async () => {
    const { detect, published } = detector();
    const exported = {
      insertId: 'a1',
      logName: 'projects/p1/logs/threatdetection.googleapis.com%2Fdetection',
      timestamp: '2026-03-02T10:15:30.250Z',
      resource: { type: 'threat_detector', labels: { project_id: 'p1', detector_name: 'bad_ip' } },
      jsonPayload: {
        detectionCategory: { ruleName: 'bad_ip', technique: 'cryptomining', indicator: 'ip' },
        properties: { sourceInstance: '/projects/p1/zones/europe-west1-b/instances/gke-c1-pool-1-9d8e7f6a-c1' },
      },
    };
    await assert.rejects(detect(envelope(exported)), /is of other-log, .*anybody who may write logs/);
    assert.deepEqual(published, []);
  });
});
