import { systemRbacChanged } from '../../../../shared/detection/rules/system-rbac-changed.ts';
import { ruleCases } from '../cases.ts';

const GROUP = 'rbac.authorization.k8s.io';
const BASE = { verb: 'patch', group: GROUP, resource: 'clusterroles', name: 'system:basic-user' };

describe('rule system-rbac-changed', () => {
  ruleCases(systemRbacChanged, BASE, {
    fires: [
      ['a binding that is made', { verb: 'create', resource: 'clusterrolebindings' }],
      [
        'named in its body alone',
        { verb: 'create', name: undefined, request: { metadata: { name: 'system:helper' } } },
      ],
      ['deleted', { verb: 'delete' }],
      ['by an account of the system, out of its job', { principal: 'system:serviceaccount:kube-system:kube-dns' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.7 }],
    ],
    misses: [
      ['another name', { name: 'basic-user' }],
      ['read', { verb: 'get' }],
      ['by the machinery', { principal: 'system:apiserver' }],
      ['lost to a conflict', { code: 10 }],
    ],
  });
});
