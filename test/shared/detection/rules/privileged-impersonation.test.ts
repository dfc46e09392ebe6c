import { privilegedImpersonation } from '../../../../shared/detection/rules/privileged-impersonation.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'list', resource: 'secrets', namespace: 'shop', actingAs: 'system:kube-controller-manager' };

describe('rule privileged-impersonation', () => {
  ruleCases(privilegedImpersonation, BASE, {
    fires: [
      ['as an administrator', { actingAs: 'cluster-admin' }],
      [
        'as the account of a workload',
        { actingAs: 'system:serviceaccount:shop:cart' },
        { severity: 'medium', confidence: 0.45 },
      ],
    ],
    misses: [
      ['as oneself', { actingAs: undefined }],
      ['as another person', { actingAs: 'bo@example.com' }],
      ['in vain', { code: 5 }],
    ],
  });
});
