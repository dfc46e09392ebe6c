import { networkPolicyDeleted } from '../../../../shared/detection/rules/network-policy-deleted.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'delete',
  group: 'networking.k8s.io',
  resource: 'networkpolicies',
  namespace: 'shop',
  name: 'default-deny',
};

describe('rule network-policy-deleted', () => {
  ruleCases(networkPolicyDeleted, BASE, {
    fires: [
      ['all of them', { verb: 'deletecollection', name: undefined }],
      [
        'one of Cilium',
        { group: 'cilium.io', version: 'v2', resource: 'ciliumclusterwidenetworkpolicies', namespace: undefined },
      ],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.45 }],
    ],
    misses: [
      [
        'with its namespace',
        { verb: 'deletecollection', principal: 'system:serviceaccount:kube-system:namespace-controller' },
      ],
      ['changed', { verb: 'patch' }],
      ['an ingress', { resource: 'ingresses' }],
      ['not there', { code: 5 }],
    ],
  });
});
