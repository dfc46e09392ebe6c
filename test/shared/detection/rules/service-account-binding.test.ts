import { serviceAccountBinding } from '../../../../shared/detection/rules/service-account-binding.ts';
import { madeAt } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const GROUP = 'rbac.authorization.k8s.io';
const binding = (...subjects: unknown[]): Record<string, unknown> => ({
  roleRef: { apiGroup: GROUP, kind: 'Role', name: 'reader' },
  subjects,
});
const BASE = {
  verb: 'create',
  group: GROUP,
  resource: 'rolebindings',
  namespace: 'shop',
  name: 'cart',
  request: binding({ kind: 'ServiceAccount', namespace: 'shop', name: 'cart' }),
};
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('rule service-account-binding', () => {
  ruleCases(serviceAccountBinding, BASE, {
    fires: [
      ['on who did it', {}, { target: { ...CLUSTER, principal: 'ana@example.com' } }],
      ['in the whole cluster', { resource: 'clusterrolebindings', namespace: undefined }],
      [
        'among others',
        { request: binding({ kind: 'User', name: 'a@example.com' }, { kind: 'ServiceAccount', name: 'b' }) },
      ],
      ['all of the cluster', { request: binding({ kind: 'Group', name: 'system:serviceaccounts' }) }],
      ['all of a namespace', { request: binding({ kind: 'Group', name: 'system:serviceaccounts:shop' }) }],
      ['by server-side apply', { verb: 'patch', response: madeAt('2026-03-02T10:15:30Z') }],
      ['by an update, which also makes bindings', { verb: 'update', response: madeAt('2026-03-02T10:15:30Z') }],
      ['refused', { code: 7 }, { confidence: 0.25 }],
    ],
    misses: [
      ['a person', { request: binding({ kind: 'User', name: 'bob@example.com' }) }],
      ['a group that is called alike', { request: binding({ kind: 'Group', name: 'system:serviceaccountants' }) }],
      ['a change', { verb: 'patch', response: madeAt('2026-03-02T10:14:00Z') }],
      ['by the machinery', { principal: 'system:addon-manager' }],
      ['one that was there', { code: 6 }],
    ],
  });
});
