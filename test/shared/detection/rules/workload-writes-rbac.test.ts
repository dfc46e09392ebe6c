import { workloadWritesRbac } from '../../../../shared/detection/rules/workload-writes-rbac.ts';
import { ruleCases } from '../cases.ts';

const GROUP = 'rbac.authorization.k8s.io';
const BASE = {
  verb: 'create',
  group: GROUP,
  resource: 'rolebindings',
  namespace: 'shop',
  name: 'more',
  principal: 'system:serviceaccount:shop:cart',
};
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('rule workload-writes-rbac', () => {
  ruleCases(workloadWritesRbac, BASE, {
    fires: [
      ['on who did it', {}, { target: { ...CLUSTER, principal: BASE.principal } }],
      ['deleted', { verb: 'delete' }],
      [
        'by a deployer',
        { principal: 'system:serviceaccount:argocd:argocd-application-controller' },
        { confidence: 0.25 },
      ],
      ['by another account of its namespace', { principal: 'system:serviceaccount:argocd:argocd-server' }],
    ],
    misses: [
      ['by a person', { principal: 'ana@example.com' }],
      [
        'by the machinery',
        { principal: 'system:serviceaccount:kube-system:namespace-controller', verb: 'deletecollection' },
      ],
      ['refused', { code: 7 }],
      ['read', { verb: 'list' }],
      ['something else', { group: 'core', resource: 'configmaps' }],
    ],
  });
});
