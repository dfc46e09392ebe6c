import { clusterAdminBinding } from '../../../../shared/detection/rules/cluster-admin-binding.ts';
import { ruleCases } from '../cases.ts';

const GROUP = 'rbac.authorization.k8s.io';
const user = (name: string, kind = 'User'): Record<string, unknown> => ({ apiGroup: GROUP, kind, name });
const binding = (role: string, ...subjects: unknown[]): Record<string, unknown> => ({
  '@type': `${GROUP}/v1.ClusterRoleBinding`,
  metadata: { name: 'ops' },
  roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: role },
  subjects,
});
const BASE = {
  verb: 'create',
  group: GROUP,
  resource: 'clusterrolebindings',
  name: 'ops',
  request: binding('cluster-admin', user('bob@example.com')),
};
const ADMIN = { severity: 'high', confidence: 0.75, conclusive: false } as const;
const MEDIUM = { severity: 'medium', confidence: 0.5, conclusive: false } as const;
const CONCLUSIVE = { conclusive: true } as const;
const IN_NAMESPACE = { resource: 'rolebindings', namespace: 'shop' };
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('rule cluster-admin-binding', () => {
  ruleCases(clusterAdminBinding, BASE, {
    fires: [
      ['a named person', {}, { ...ADMIN, target: { ...CLUSTER, principal: 'ana@example.com' } }],
      ['by a system identity out of its job', { principal: 'system:serviceaccount:kube-system:attacker' }, ADMIN],
      [
        'to the role of nodes, which get a token of any account',
        { request: binding('system:node', user('bob@example.com')) },
        ADMIN,
      ],
      ['in a system namespace', { resource: 'rolebindings', namespace: 'kube-system' }, ADMIN],
      [
        'callers without a credential',
        { request: binding('view', user('system:unauthenticated', 'Group')) },
        CONCLUSIVE,
      ],
      ['the same, in a namespace', { ...IN_NAMESPACE, request: binding('edit', user('system:anonymous')) }, CONCLUSIVE],
      [
        'the same, by the API server itself',
        { principal: 'system:apiserver', request: binding('view', user('system:anonymous')) },
        CONCLUSIVE,
      ],
      [
        'every Google account, as administrator',
        { request: binding('cluster-admin', user('system:authenticated', 'Group')) },
        CONCLUSIVE,
      ],
      ['every Google account', { request: binding('view', user('system:authenticated', 'Group')) }, ADMIN],
      [
        'a subject added by a patch',
        {
          verb: 'patch',
          request: { subjects: [user('eve@example.com')] },
          response: binding('cluster-admin', user('eve@example.com')),
        },
        ADMIN,
      ],
      [
        'a subject added to the built-in one',
        { verb: 'patch', name: 'cluster-admin', request: { subjects: [user('eve@example.com')] } },
        ADMIN,
      ],
      [
        'everybody added by a refused patch, which does not show the role',
        { verb: 'patch', request: { subjects: [user('system:anonymous')] }, code: 7 },
        { severity: 'high', confidence: 0.85, conclusive: false },
      ],
      [
        'the same by an operation',
        {
          verb: 'patch',
          request: { patch: [{ op: 'add', path: '/subjects/-', value: user('system:unauthenticated', 'Group') }] },
          code: 7,
        },
        { severity: 'high', confidence: 0.85, conclusive: false },
      ],
      ['admin of all namespaces', { request: binding('admin', user('bob@example.com')) }, MEDIUM],
      ['edit of all namespaces', { request: binding('edit', user('bob@example.com')) }, MEDIUM],
      [
        'a controller that may escalate every role',
        { request: binding('system:controller:clusterrole-aggregation-controller', user('bob@example.com')) },
        ADMIN,
      ],
      [
        'the controllers of the control plane',
        { request: binding('system:kube-controller-manager', user('bob@example.com')) },
        ADMIN,
      ],
      [
        'edit of a system namespace',
        { ...IN_NAMESPACE, namespace: 'kube-system', request: binding('edit', user('bob@example.com')) },
        MEDIUM,
      ],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.65, conclusive: false }],
    ],
    misses: [
      ['another role', { request: binding('view', user('bob@example.com')) }],
      ['a role that begins like it', { request: binding('cluster-admin-ro', user('bob@example.com')) }],
      ['a role of every scheduler', { request: binding('system:kube-scheduler', user('bob@example.com')) }],
      ['what add-ons bind', { request: binding('system:auth-delegator', user('bob@example.com')) }],
      ['within one namespace', IN_NAMESPACE],
      ['admin of one namespace', { ...IN_NAMESPACE, request: binding('admin', user('bob@example.com')) }],
      ['a role that begins like edit', { request: binding('editor-ro', user('bob@example.com')) }],
      ['reconciled by the API server', { principal: 'system:apiserver' }],
      [
        'what everybody may see anyway',
        { request: binding('system:public-info-viewer', user('system:unauthenticated', 'Group')) },
      ],
      [
        'a ServiceAccount of such a name',
        { request: binding('view', { kind: 'ServiceAccount', namespace: 'shop', name: 'system:anonymous' }) },
      ],
      [
        'an operation that takes a subject away',
        {
          verb: 'patch',
          request: { patch: [{ op: 'remove', path: '/subjects/1' }] },
          response: binding('cluster-admin', user('eve@example.com')),
        },
      ],
      [
        'a patch of labels',
        {
          verb: 'patch',
          request: { metadata: { labels: {} } },
          response: binding('cluster-admin', user('a@example.com')),
        },
      ],
      ['deleted', { verb: 'delete' }],
      ['failed', { code: 6 }],
      ['another group', { group: 'example.com' }],
    ],
  });
});
