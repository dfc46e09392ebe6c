import { privilegedImpersonation } from '../../../../shared/detection/rules/privileged-impersonation.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'list', resource: 'secrets', namespace: 'shop', actingAs: 'system:kube-controller-manager' };
const ROBOT = 'service-123456789012@container-engine-robot.iam.gserviceaccount.com';
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('rule privileged-impersonation', () => {
  ruleCases(privilegedImpersonation, BASE, {
    fires: [
      ['on who did it', {}, { target: { ...CLUSTER, principal: 'ana@example.com' } }],
      ['as an administrator', { actingAs: 'cluster-admin' }],
      ['as the group of administrators', { actingAs: 'system:masters' }],
      ['as a node', { actingAs: 'system:node:gke-c1-pool-1-9d8e7f6a-c1' }],
      ['as the service that runs clusters', { actingAs: ROBOT }],
      ['as the same, in capitals', { actingAs: ROBOT.toUpperCase() }],
      ['as a node that joins', { actingAs: 'kubelet-bootstrap' }],
      ['as a node of a pool that joins', { actingAs: 'kubelet-nodepool-bootstrap' }],
      ['as the control plane that starts', { actingAs: 'gcp:kube-bootstrap' }],
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
      ['as a service of somebody who is called like it', { actingAs: `a.${ROBOT}` }],
      ['as a node that joins, by a longer name', { actingAs: 'kubelet-bootstrap-2' }],
      ['in vain', { code: 5 }],
    ],
  });
});
