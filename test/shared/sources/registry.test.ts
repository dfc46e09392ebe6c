import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { Malformed } from '../../../shared/errors.ts';
import { SOURCE_IDS } from '../../../shared/model/ids.ts';
import { readPayload, SOURCES } from '../../../shared/sources/registry.ts';
import { NOW } from '../../fixtures/signals.ts';

const FOLDER = new URL('../../../shared/sources/', import.meta.url);

/** The ids of the sources that a file of the folder exports. Shared helper files export none. */
const exportedBy = async (file: string): Promise<string[]> => {
  const module: Record<string, unknown> = await import(new URL(file, FOLDER).href);
  return Object.values(module).flatMap((one) => (isSource(one) ? one.id : []));
};

const isSource = (one: unknown): one is { id: string } =>
  typeof one === 'object' && one !== null && 'recognises' in one && 'id' in one;

describe('the registry of sources', () => {
  it('contains every source of the folder, under the name of its file', async () => {
    const found: string[] = [];
    for (const file of readdirSync(FOLDER)) {
      for (const id of await exportedBy(file)) {
        assert.equal(`${id}.ts`, file);
        found.push(id);
      }
    }
    assert.deepEqual(SOURCES.map((source) => source.id).sort(), found.sort());
    // A policy can limit every source that gives signals.
    assert.deepEqual([...SOURCE_IDS, 'other-log'].sort(), found);
  });

  const pod = auditEntry({ verb: 'create', resource: 'pods', namespace: 'shop', name: 'cart-0' });
  const shapes: Array<[string, string, Record<string, unknown>]> = [
    ['an entry of a GKE API server', 'gke-audit-log', pod],
    [
      'a fragment of one, without the service',
      'gke-audit-log',
      { protoPayload: { methodName: 'io.k8s.core.v1.pods.list' } },
    ],
    [
      'an entry of another Google Cloud API',
      'admin-audit-log',
      {
        protoPayload: { serviceName: 'iam.googleapis.com', methodName: 'google.iam.admin.v1.CreateServiceAccountKey' },
      },
    ],
    ['an entry of another log', 'other-log', { logName: 'projects/p1/logs/stdout', textPayload: 'hello' }],
    // Anybody who may write logs can write this, so it is not taken as coming from an API server.
    ['an audit payload in another log', 'other-log', { ...pod, logName: 'projects/p1/logs/forged' }],
    [
      'a Kubernetes audit event',
      'kubernetes-audit',
      { kind: 'Event', verb: 'get', requestURI: '/api/v1/pods', auditID: 'a' },
    ],
    [
      'a Monitoring incident',
      'monitoring-incident',
      { version: '1.2', incident: { incident_id: '0.x', policy_name: 'p', state: 'open' } },
    ],
    [
      'a notification of Security Command Center',
      'security-command-center',
      { finding: { name: 'f', category: 'c', state: 'ACTIVE' } },
    ],
    ['an alert of Falco', 'falco', { rule: 'r', output: 'o', priority: 'Warning', output_fields: {} }],
  ];
  for (const [what, id, payload] of shapes) {
    it(`recognises ${what}`, () => {
      assert.equal(SOURCES.find((source) => source.recognises(payload))?.id, id);
    });
  }

  it('refuses an unknown payload, and names the known kinds', () => {
    for (const payload of [{}, { kind: 'Event', reason: 'Pulled' }, { protoPayload: 'x' }]) {
      assert.throws(
        () => readPayload(payload, { now: NOW }),
        (thrown) => thrown instanceof Malformed && /GKE audit log entry/.test(thrown.message),
      );
    }
  });
});
