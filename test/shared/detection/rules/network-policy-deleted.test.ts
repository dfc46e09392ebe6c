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
      [
        'one for the whole cluster, which no namespace may loosen',
        {
          group: 'policy.networking.k8s.io',
          version: 'v1alpha2',
          resource: 'clusternetworkpolicies',
          namespace: undefined,
        },
      ],
      [
        'the default of the cluster',
        {
          group: 'policy.networking.k8s.io',
          version: 'v1alpha1',
          resource: 'baselineadminnetworkpolicies',
          namespace: undefined,
          name: 'default',
        },
      ],
      ['one of GKE, by names', { group: 'networking.gke.io', version: 'v1alpha1', resource: 'fqdnnetworkpolicies' }],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.45 }],
    ],
    misses: [
      [
        'with its namespace',
        { verb: 'deletecollection', principal: 'system:serviceaccount:kube-system:namespace-controller' },
      ],
      [
        'one of GKE, with its namespace',
        {
          group: 'networking.gke.io',
          version: 'v1alpha1',
          resource: 'fqdnnetworkpolicies',
          verb: 'deletecollection',
          principal: 'system:serviceaccount:kube-system:namespace-controller',
        },
      ],
      ['changed', { verb: 'patch' }],
      ['an ingress', { resource: 'ingresses' }],
      ['not there', { code: 5 }],
    ],
  });
});
