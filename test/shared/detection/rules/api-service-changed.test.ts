import { apiServiceChanged } from '../../../../shared/detection/rules/api-service-changed.ts';
import { ruleCases } from '../cases.ts';

const SERVED = { spec: { service: { namespace: 'shop', name: 'cart' }, insecureSkipTLSVerify: true } };
const BASE = {
  verb: 'patch',
  group: 'apiregistration.k8s.io',
  resource: 'apiservices',
  name: 'v1.apps',
  request: SERVED,
};

describe('rule api-service-changed', () => {
  ruleCases(apiServiceChanged, BASE, {
    fires: [
      ['the core group', { name: 'v1.' }],
      ['a group of Kubernetes', { name: 'v1.rbac.authorization.k8s.io' }],
      [
        'another version of one',
        { verb: 'create', name: undefined, request: { metadata: { name: 'v9.apps' }, ...SERVED } },
      ],
      [
        'by an operation',
        { request: { patch: [{ op: 'add', path: '/spec/service', value: { namespace: 'shop', name: 'cart' } }] } },
      ],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.7 }],
    ],
    misses: [
      ['metrics', { name: 'v1beta1.metrics.k8s.io' }],
      ['metrics of applications', { name: 'v1beta2.custom.metrics.k8s.io' }],
      ['a group of an extension', { name: 'v1alpha1.subresources.kubevirt.io' }],
      ['a group of a project beside Kubernetes', { name: 'v1beta1.visibility.kueue.x-k8s.io' }],
      ['served by the API server itself', { request: { spec: { service: null, groupPriorityMinimum: 1 } } }],
      ['its status', { subresource: 'status' }],
      ['not there', { code: 5 }],
    ],
  });
});
