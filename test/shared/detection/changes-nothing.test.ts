import { strict as assert } from 'node:assert';
import type { AuditEntryParts } from '../../../local/scenarios/audit-entry.ts';
import type { AuditRule } from '../../../shared/detection/rule.ts';
import { admissionWebhookChanged } from '../../../shared/detection/rules/admission-webhook-changed.ts';
import { clusterAdminBinding } from '../../../shared/detection/rules/cluster-admin-binding.ts';
import { clusterDnsChanged } from '../../../shared/detection/rules/cluster-dns-changed.ts';
import { ephemeralContainer } from '../../../shared/detection/rules/ephemeral-container.ts';
import { minerInSpec } from '../../../shared/detection/rules/miner-in-spec.ts';
import { namespaceGuardLowered } from '../../../shared/detection/rules/namespace-guard-lowered.ts';
import { powerfulRole } from '../../../shared/detection/rules/powerful-role.ts';
import { privilegedWorkload } from '../../../shared/detection/rules/privileged-workload.ts';
import { findingBy } from '../../fixtures/signals.ts';
import { deployment, podSpec, UID } from '../../fixtures/workloads.ts';

type Body = Record<string, unknown>;

const FLUX = 'system:serviceaccount:flux-system:kustomize-controller';
const RBAC = { group: 'rbac.authorization.k8s.io', verb: 'patch', principal: FLUX };
const DAEMONS: AuditEntryParts = {
  verb: 'patch',
  group: 'apps',
  resource: 'daemonsets',
  namespace: 'agents',
  name: 'agent',
  principal: FLUX,
};
const SET: Body = { manager: 'kustomize-controller', operation: 'Apply', time: '2026-02-20T08:00:00Z' };
const STATUS: Body = { manager: 'c', operation: 'Update', subresource: 'status', time: '2026-03-02T10:15:29Z' };

/** The answer to a write of this object, with these entries of managedFields. */
const answered = (object: Body, ...managedFields: unknown[]): Body => ({
  ...object,
  metadata: { name: 'agent', creationTimestamp: '2026-02-20T08:00:00Z', managedFields },
});
const written = (object: Body, ...managedFields: unknown[]): Pick<AuditEntryParts, 'request' | 'response'> => ({
  request: object,
  response: answered(object, ...managedFields),
});

const PRIVILEGED = deployment(podSpec({ securityContext: { privileged: true } }));
const ADMIN = {
  metadata: { name: 'flux' },
  roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ kind: 'ServiceAccount', namespace: 'flux-system', name: 'kustomize-controller' }],
};
const READER = { metadata: { name: 'r' }, rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }] };
const OPEN = { metadata: { name: 'agents', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } } };

describe('a write that changes nothing', () => {
  const applied: Array<[string, AuditRule, AuditEntryParts, Body]> = [
    ['a privileged DaemonSet', privilegedWorkload, DAEMONS, PRIVILEGED],
    ['a binding to cluster-admin', clusterAdminBinding, { ...RBAC, resource: 'clusterrolebindings', name: 'f' }, ADMIN],
    ['a powerful role', powerfulRole, { ...RBAC, resource: 'clusterroles', name: 'r' }, READER],
    [
      'a namespace of agents',
      namespaceGuardLowered,
      { verb: 'patch', resource: 'namespaces', name: 'agents', principal: FLUX },
      OPEN,
    ],
  ];
  for (const [what, rule, parts, object] of applied) {
    it(`gives no finding: ${what} that is applied again, also as an update`, () => {
      for (const verb of ['patch', 'update'])
        assert.equal(findingBy(rule, { ...parts, verb, ...written(object, SET, STATUS) }), undefined);
    });

    it(`does not hide: ${what} that is changed, or whose answer does not show it`, () => {
      const now = { ...SET, manager: 'kubectl-edit', operation: 'Update', time: '2026-03-02T10:15:30Z' };
      for (const entries of [[SET, now], [], [STATUS], [{ ...SET, time: undefined }], ['x']])
        assert.ok(findingBy(rule, { ...parts, ...written(object, ...entries) }), JSON.stringify(entries));
      assert.ok(findingBy(rule, { ...parts, request: object }));
      assert.ok(findingBy(rule, { ...parts, ...written(object, SET), code: 7 }));
    });
  }

  it('gives no finding: what is made for a dry run only, which no store holds', () => {
    const made = { uid: UID, creationTimestamp: '2026-03-02T10:15:30Z' };
    for (const verb of ['create', 'patch']) {
      const dry: AuditEntryParts = {
        ...DAEMONS,
        verb,
        request: PRIVILEGED,
        response: { ...PRIVILEGED, metadata: made },
      };
      assert.equal(findingBy(privilegedWorkload, dry), undefined);
      const stored = { ...PRIVILEGED, metadata: { ...made, resourceVersion: '8812' } };
      assert.ok(findingBy(privilegedWorkload, { ...dry, response: stored }));
      assert.ok(findingBy(privilegedWorkload, { ...dry, split: { uid: 's', index: 0, totalSplits: 2 } }));
    }
  });

  it('does not hide what is taken away, which sets no field', () => {
    const label = { metadata: { labels: { 'pod-security.kubernetes.io/enforce': null } } };
    const guard: AuditEntryParts = { verb: 'patch', resource: 'namespaces', name: 'agents' };
    const bare = { metadata: { name: 'agents' } };
    assert.ok(findingBy(namespaceGuardLowered, { ...guard, request: label, response: answered(bare, SET) }));
    const webhooks: AuditEntryParts = {
      verb: 'patch',
      group: 'admissionregistration.k8s.io',
      resource: 'validatingwebhookconfigurations',
      name: 'policy',
    };
    assert.ok(findingBy(admissionWebhookChanged, { ...webhooks, ...written({ webhooks: [] }, SET) }));
    const dns: AuditEntryParts = { verb: 'update', resource: 'configmaps', namespace: 'kube-system', name: 'kube-dns' };
    assert.ok(findingBy(clusterDnsChanged, { ...dns, ...written({ data: {} }, SET) }));
  });

  it('does not hide what is created, a miner, or a container that is added to a running pod', () => {
    const miner = deployment(podSpec({ args: ['-o', 'stratum+tcp://pool.example.com:3333'] }));
    assert.ok(findingBy(minerInSpec, { ...DAEMONS, ...written(miner, SET) }));
    assert.ok(findingBy(privilegedWorkload, { ...DAEMONS, verb: 'create', ...written(PRIVILEGED, SET) }));
    const pod: AuditEntryParts = {
      verb: 'patch',
      resource: 'pods',
      subresource: 'ephemeralcontainers',
      namespace: 'shop',
      name: 'cart-7d9f',
    };
    const added = { spec: { ephemeralContainers: [{ name: 'd', image: 'busybox' }] } };
    assert.ok(findingBy(ephemeralContainer, { ...pod, ...written(added, SET) }));
  });
});
