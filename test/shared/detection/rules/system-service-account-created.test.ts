import { systemServiceAccountCreated } from '../../../../shared/detection/rules/system-service-account-created.ts';
import { madeAt } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'create', resource: 'serviceaccounts', namespace: 'kube-system', name: 'helper' };

describe('rule system-service-account-created', () => {
  ruleCases(systemServiceAccountCreated, BASE, {
    fires: [
      ['in a namespace of GKE', { namespace: 'gke-managed-cim' }],
      ['by an account of the system', { principal: 'system:serviceaccount:kube-system:kube-dns' }],
      ['by server-side apply', { verb: 'patch', response: madeAt('2026-03-02T10:15:30Z') }],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.5 }],
    ],
    misses: [
      ['a change', { verb: 'patch', response: madeAt('2026-03-02T10:14:00Z') }],
      ['among users', { namespace: 'shop' }],
      ['a token', { subresource: 'token' }],
      ['by the platform', { principal: 'system:addon-manager' }],
      [
        'the one that every namespace has',
        { principal: 'system:serviceaccount:kube-system:service-account-controller' },
      ],
      ['one that was there', { code: 6 }],
    ],
  });
});
