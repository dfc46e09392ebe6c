import type { AuditEntryParts } from '../../../../local/scenarios/audit-entry.ts';
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

const operations = (...patch: unknown[]): Partial<AuditEntryParts> => ({ verb: 'patch', request: { patch } });
const TO_BALANCED = { op: 'replace', path: '/spec/type', value: 'LoadBalancer' };

describe('rule exposed-service', () => {
  ruleCases(exposedService, BASE, {
    fires: [
      ['a load balancer', { request: service(BALANCED) }],
      [
        'one that says that it is external',
        { request: service(BALANCED, { 'networking.gke.io/load-balancer-type': 'External' }) },
      ],
      ['changed to it', { verb: 'patch', request: { spec: { type: 'NodePort' } } }],
      ['changed to it by an operation', operations({ op: 'replace', path: '/spec/type', value: 'NodePort' })],
      ['changed to a load balancer by an operation', { ...operations(TO_BALANCED), response: service(BALANCED) }],
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
        'changed to an internal one by operations',
        operations(TO_BALANCED, {
          op: 'add',
          path: '/metadata/annotations/networking.gke.io~1load-balancer-type',
          value: 'Internal',
        }),
      ],
      [
        'an operation on something else',
        {
          ...operations({ op: 'add', path: '/metadata/labels/a', value: 'LoadBalancer' }),
          response: service(BALANCED),
        },
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
