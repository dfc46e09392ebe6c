import { hostNetwork } from '../../../../shared/detection/rules/host-network.ts';
import { ownedByReplicaSet, pod, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const SPEC = podSpec({}, { hostNetwork: true });
const BASE = { verb: 'create', resource: 'pods', namespace: 'shop', name: 'cart-7d9f', request: pod(SPEC) };

describe('rule host-network', () => {
  ruleCases(hostNetwork, BASE, {
    fires: [
      ['in half an entry', { split: { uid: 'u', index: 0, totalSplits: 2 } }, { confidence: 0.27 }],
      [
        'made by a controller',
        {
          principal: 'system:serviceaccount:kube-system:replicaset-controller',
          request: pod(SPEC, ownedByReplicaSet()),
        },
      ],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.35 }],
    ],
    misses: [
      ['a port of the node', { request: pod(podSpec({ ports: [{ containerPort: 80, hostPort: 80 }] })) }],
      ['not asked for', { request: pod(podSpec({}, { hostNetwork: false })) }],
      ['read', { verb: 'get' }],
    ],
  });
});
