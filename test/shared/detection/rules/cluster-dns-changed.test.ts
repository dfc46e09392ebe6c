import { clusterDnsChanged } from '../../../../shared/detection/rules/cluster-dns-changed.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'patch', resource: 'configmaps', namespace: 'kube-system', name: 'kube-dns' };

describe('rule cluster-dns-changed', () => {
  ruleCases(clusterDnsChanged, BASE, {
    fires: [
      ['of CoreDNS', { verb: 'update', name: 'coredns' }],
      ['a part of CoreDNS', { name: 'coredns-custom' }],
      ['of the cache of the nodes', { name: 'node-local-dns' }],
      ['made again', { verb: 'create' }],
      ['deleted', { verb: 'delete' }],
      ['deleted with all others', { verb: 'deletecollection', name: undefined }],
      ['by an account of the system', { principal: 'system:serviceaccount:kube-system:kube-dns' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.6 }],
    ],
    misses: [
      ['something else of the system', { name: 'kube-dns-autoscaler' }],
      ['in another namespace', { namespace: 'shop' }],
      ['something else that is made', { verb: 'create', name: 'settings' }],
      ['all of another namespace', { verb: 'deletecollection', name: undefined, namespace: 'shop' }],
      [
        'all, by the platform',
        {
          verb: 'deletecollection',
          name: undefined,
          principal: 'system:serviceaccount:kube-system:namespace-controller',
        },
      ],
      ['read', { verb: 'get' }],
      ['by the platform', { principal: 'system:addon-manager' }],
      ['lost to a conflict', { code: 10 }],
    ],
  });
});
