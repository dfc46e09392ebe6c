import { dangerousCapabilities } from '../../../../shared/detection/rules/dangerous-capabilities.ts';
import { ownedByReplicaSet, pod, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const adding = (...add: string[]): Record<string, unknown> => podSpec({ securityContext: { capabilities: { add } } });
const BASE = {
  verb: 'create',
  resource: 'pods',
  namespace: 'shop',
  name: 'cart-7d9f',
  request: pod(adding('SYS_ADMIN')),
};

describe('rule dangerous-capabilities', () => {
  ruleCases(dangerousCapabilities, BASE, {
    fires: [
      ['with its prefix, in small letters', { request: pod(adding('cap_sys_module')) }],
      ['all of them', { request: pod(adding('ALL')) }],
      ['of an observer', { request: pod(adding('SYS_PTRACE', 'NET_ADMIN')) }, { severity: 'medium' }],
      ['that meshes give', { request: pod(adding('NET_ADMIN', 'NET_RAW')) }, { severity: 'medium', confidence: 0.4 }],
      [
        'that meshes give to pods of controllers',
        {
          principal: 'system:serviceaccount:kube-system:replicaset-controller',
          request: pod(adding('NET_ADMIN'), ownedByReplicaSet()),
        },
        { severity: 'medium', confidence: 0.4 },
      ],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.5 }],
    ],
    misses: [
      ['a harmless one', { request: pod(adding('NET_BIND_SERVICE')) }],
      ['dropped', { request: pod(podSpec({ securityContext: { capabilities: { drop: ['ALL'] } } })) }],
      ['no list', { request: pod(podSpec({ securityContext: { capabilities: { add: 'SYS_ADMIN' } } })) }],
    ],
  });
});
