import { privilegedImpersonation } from '../../../../shared/detection/rules/privileged-impersonation.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'list', resource: 'secrets', namespace: 'shop', actingAs: 'system:kube-controller-manager' };
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('rule privileged-impersonation', () => {
  ruleCases(privilegedImpersonation, BASE, {
    fires: [
      ['on who did it', {}, { target: { ...CLUSTER, principal: 'ana@example.com' } }],
      ['as an administrator', { actingAs: 'cluster-admin' }],
      ['as the group of administrators', { actingAs: 'system:masters' }],
      ['as a node', { actingAs: 'system:node:gke-c1-pool-1-9d8e7f6a-c1' }],
      [
        'as the account of a workload',
        { actingAs: 'system:serviceaccount:shop:cart' },
        { severity: 'medium', confidence: 0.45 },
      ],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.7 }],
    ],
    misses: [
      ['as nobody else', { actingAs: undefined }],
      ['as oneself', { actingAs: 'ana@example.com' }],
      ['as another person', { actingAs: 'bo@example.com' }],
      ['as somebody called like an administrator', { actingAs: 'cluster-admins' }],
      ['in vain', { code: 5 }],
    ],
  });
});
