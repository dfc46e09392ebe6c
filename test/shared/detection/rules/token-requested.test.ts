import { tokenRequested } from '../../../../shared/detection/rules/token-requested.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'create',
  resource: 'serviceaccounts',
  subresource: 'token',
  namespace: 'kube-system',
  name: 'clusterrole-aggregation-controller',
};
const AMONG_USERS = { namespace: 'shop', name: 'cart' };

describe('rule token-requested', () => {
  ruleCases(tokenRequested, BASE, {
    fires: [
      ['of a controller that lives elsewhere', { namespace: 'shop' }],
      ['of a workload', AMONG_USERS, { severity: 'medium', confidence: 0.5 }],
      [
        'of a workload, by a workload',
        { ...AMONG_USERS, principal: 'system:serviceaccount:vault:vault' },
        { severity: 'medium', confidence: 0.45 },
      ],
      [
        'of a workload, by cert-manager, whose issuers log in with it',
        { ...AMONG_USERS, principal: 'system:serviceaccount:cert-manager:cert-manager' },
        { severity: 'medium', confidence: 0.45 },
      ],
      ['of the system, by a workload', { principal: 'system:serviceaccount:vault:vault' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.7 }],
    ],
    misses: [
      ['by a node, for its pods', { principal: 'system:node:gke-c1-pool-1-9d8e7f6a-c1' }],
      ['a service account itself', { subresource: undefined }],
      ['not there', { code: 5 }],
    ],
  });
});
