import { systemPrincipalFromInternet } from '../../../../shared/detection/rules/system-principal-from-internet.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'list',
  resource: 'pods',
  log: 'data_access' as const,
  principal: 'system:serviceaccount:kube-system:kube-dns',
  callerIp: '203.0.113.7',
};
const NODE = 'system:node:gke-c1-pool-1-9d8e7f6a-c1';

describe('rule system-principal-from-internet', () => {
  ruleCases(systemPrincipalFromInternet, BASE, {
    fires: [
      ['a node', { principal: NODE }],
      ['by IPv6', { callerIp: '2001:db8::7' }],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.35 }],
    ],
    misses: [
      ['from a private network', { callerIp: '10.8.0.3' }],
      ['from a shared one', { callerIp: '100.64.3.1' }],
      ['from the control plane', { callerIp: '::1' }],
      ['from within Google', { callerIp: 'gce-internal-ip' }],
      ['an address that is none', { callerIp: '203.0.113' }],
      ['a workload', { principal: 'system:serviceaccount:shop:cart' }],
      [
        'a heartbeat',
        {
          principal: NODE,
          verb: 'update',
          group: 'coordination.k8s.io',
          resource: 'leases',
          namespace: 'kube-node-lease',
        },
      ],
      [
        'the state of a pod',
        { principal: NODE, verb: 'patch', subresource: 'status', namespace: 'shop', name: 'cart-0' },
      ],
      [
        'tokens of its pods',
        {
          principal: NODE,
          verb: 'create',
          resource: 'serviceaccounts',
          subresource: 'token',
          namespace: 'shop',
          name: 'cart',
        },
      ],
      ['a person', { principal: 'ana@example.com' }],
      ['failed', { code: 5 }],
    ],
  });
});
