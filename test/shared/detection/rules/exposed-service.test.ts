import { exposedService } from '../../../../shared/detection/rules/exposed-service.ts';
import { ruleCases } from '../cases.ts';

const service = (spec: unknown, annotations = {}): Record<string, unknown> => ({ metadata: { annotations }, spec });
const BASE = {
  verb: 'create',
  resource: 'services',
  namespace: 'shop',
  name: 'cart',
  request: service({ type: 'NodePort', ports: [{ port: 80 }] }),
};
const BALANCED = { type: 'LoadBalancer' };

describe('rule exposed-service', () => {
  ruleCases(exposedService, BASE, {
    fires: [
      ['a load balancer', { request: service(BALANCED) }],
      [
        'one that says that it is external',
        { request: service(BALANCED, { 'networking.gke.io/load-balancer-type': 'External' }) },
      ],
      ['changed to it', { verb: 'patch', request: { spec: { type: 'NodePort' } } }],
      ['only in the answer', { request: undefined, response: service({ type: 'NodePort' }) }],
      ['refused', { code: 7 }, { confidence: 0.3 }],
    ],
    misses: [
      ['within the cluster', { request: service({ type: 'ClusterIP' }) }],
      [
        'an internal load balancer',
        { request: service(BALANCED, { 'networking.gke.io/load-balancer-type': 'Internal' }) },
      ],
      [
        'internal by its class',
        { request: service({ ...BALANCED, loadBalancerClass: 'networking.gke.io/l4-regional-internal' }) },
      ],
      [
        'a patch of something else',
        { verb: 'patch', request: { metadata: {} }, response: service({ type: 'NodePort' }) },
      ],
      ['by what carries it out', { verb: 'update', principal: 'system:cloud-controller-manager' }],
      ['by the platform', { namespace: 'kube-system', verb: 'patch', principal: 'system:addon-manager' }],
      ['its state', { verb: 'patch', subresource: 'status' }],
    ],
  });
});
