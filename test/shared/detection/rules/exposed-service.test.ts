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
const LOW = { severity: 'low', confidence: 0.4 } as const;
const TAKES = { severity: 'medium', confidence: 0.6 } as const;
const BALANCED = { type: 'LoadBalancer' };

const CLAIMING = { type: 'ClusterIP', externalIPs: ['10.0.0.1', '203.0.113.9'] };
const ONE_MORE = { op: 'add', path: '/spec/externalIPs/-', value: '203.0.113.9' };
const balancedBy = (ip: string): Record<string, unknown> => ({ status: { loadBalancer: { ingress: [{ ip }] } } });

const operations = (...patch: unknown[]): Partial<AuditEntryParts> => ({ verb: 'patch', request: { patch } });
const TO_BALANCED = { op: 'replace', path: '/spec/type', value: 'LoadBalancer' };

describe('rule exposed-service', () => {
  ruleCases(exposedService, BASE, {
    fires: [
      ['a load balancer', { request: service(BALANCED) }, LOW],
      [
        'one that says that it is external',
        { request: service(BALANCED, { 'networking.gke.io/load-balancer-type': 'External' }) },
        LOW,
      ],
      ['changed to it', { verb: 'patch', request: { spec: { type: 'NodePort' } } }, LOW],
      ['changed to it by an operation', operations({ op: 'replace', path: '/spec/type', value: 'NodePort' }), LOW],
      ['changed to a load balancer by an operation', { ...operations(TO_BALANCED), response: service(BALANCED) }, LOW],
      ['only in the answer', { request: undefined, response: service({ type: 'NodePort' }) }, LOW],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.3 }],
      ['addresses of others', { request: service({ externalIPs: ['203.0.113.9'] }) }, TAKES],
      ['addresses of others by a patch', { verb: 'patch', request: { spec: { externalIPs: ['10.0.0.1'] } } }, TAKES],
      ['one address more by an operation', { ...operations(ONE_MORE), response: service(CLAIMING) }, TAKES],
      [
        'an address of others in the status',
        { verb: 'patch', subresource: 'status', request: balancedBy('203.0.113.9') },
        TAKES,
      ],
      [
        'an address of others in the status, by an operation',
        {
          ...operations({ op: 'add', path: '/status/loadBalancer/ingress/0/ip', value: '203.0.113.9' }),
          subresource: 'status',
          response: balancedBy('203.0.113.9'),
        },
        TAKES,
      ],
      [
        'an address in the status, by a program',
        {
          verb: 'update',
          subresource: 'status',
          request: balancedBy('203.0.113.9'),
          principal: 'system:serviceaccount:balancers:controller',
        },
        { severity: 'medium', confidence: 0.3 },
      ],
      [
        'addresses of others, refused',
        { code: 7, request: service({ externalIPs: ['203.0.113.9'] }) },
        { severity: 'low', confidence: 0.5 },
      ],
    ],
    misses: [
      [
        'an address in the status, by the controller of the cluster',
        {
          verb: 'patch',
          subresource: 'status',
          request: balancedBy('203.0.113.9'),
          principal: 'system:cloud-controller-manager',
        },
      ],
      [
        'an address in the status, by another controller of GKE',
        {
          verb: 'patch',
          subresource: 'status',
          request: balancedBy('203.0.113.9'),
          principal: 'system:controller:some-balancer',
        },
      ],
      [
        'a status without addresses',
        {
          verb: 'update',
          subresource: 'status',
          request: { spec: { type: 'NodePort' }, status: { loadBalancer: {} } },
        },
      ],
      ['no addresses', { request: service({ type: 'ClusterIP', externalIPs: [] }) }],
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
