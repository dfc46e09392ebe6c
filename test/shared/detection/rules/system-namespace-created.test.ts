import { systemNamespaceCreated } from '../../../../shared/detection/rules/system-namespace-created.ts';
import { madeAt } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'create', resource: 'namespaces', name: 'gke-managed-metrics' };

describe('rule system-namespace-created', () => {
  ruleCases(systemNamespaceCreated, BASE, {
    fires: [
      ['of managed Prometheus', { name: 'gmp-tools' }],
      ['by the name in its body', { name: undefined, request: { metadata: { name: 'gke-tools' } } }],
      ['by server-side apply', { verb: 'patch', response: madeAt('2026-03-02T10:15:30Z') }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.5 }],
    ],
    misses: [
      ['of users', { name: 'shop' }],
      ['a name that only contains it', { name: 'shop-gke-1' }],
      ['a change', { verb: 'patch', response: madeAt('2026-03-02T10:14:00Z') }],
      ['by the platform', { principal: 'system:addon-manager' }],
      ['by another component of GKE', { principal: 'system:gke-controller-manager' }],
      ['one that was there', { code: 6 }],
    ],
  });
});
