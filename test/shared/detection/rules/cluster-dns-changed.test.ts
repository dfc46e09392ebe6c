import { clusterDnsChanged } from '../../../../shared/detection/rules/cluster-dns-changed.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'patch', resource: 'configmaps', namespace: 'kube-system', name: 'kube-dns' };

describe('rule cluster-dns-changed', () => {
  ruleCases(clusterDnsChanged, BASE, {
    fires: [
      ['of CoreDNS', { verb: 'update', name: 'coredns' }],
      ['a part of CoreDNS', { name: 'coredns-custom' }],
      ['deleted', { verb: 'delete' }],
      ['by an account of the system', { principal: 'system:serviceaccount:kube-system:kube-dns' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.6 }],
    ],
    misses: [
      ['something else of the system', { name: 'kube-dns-autoscaler' }],
      ['in another namespace', { namespace: 'shop' }],
      ['read', { verb: 'get' }],
      ['by the platform', { principal: 'system:addon-manager' }],
      ['lost to a conflict', { code: 10 }],
    ],
  });
});
