import { secretsListed } from '../../../../shared/detection/rules/secrets-listed.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'list', resource: 'secrets', log: 'data_access' as const };
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };
const LOW = { severity: 'low', confidence: 0.3 } as const;

describe('rule secrets-listed', () => {
  ruleCases(secretsListed, BASE, {
    fires: [
      ['on who did it', {}, { target: { ...CLUSTER, principal: 'ana@example.com' } }],
      ['watched', { verb: 'watch' }],
      ['of the machinery', { namespace: 'kube-system' }],
      ['by a workload', { principal: 'system:serviceaccount:shop:cart' }, { severity: 'medium', confidence: 0.45 }],
      [
        'by an account of the system',
        { principal: 'system:serviceaccount:kube-system:kube-dns' },
        { severity: 'medium', confidence: 0.45 },
      ],
      ['of one namespace', { namespace: 'shop' }, LOW],
      ['of a namespace that is called so', { namespace: 'secrets' }, LOW],
      ['at home', { namespace: 'gmp-system', principal: 'system:serviceaccount:gmp-system:operator' }, LOW],
    ],
    misses: [
      ['one secret', { verb: 'get', namespace: 'shop', name: 'db' }],
      ['one of the machinery, listed by its name', { namespace: 'gmp-system', name: 'collection' }],
      [
        'one, followed by a kubelet',
        { verb: 'watch', namespace: 'gmp-system', name: 'collection', principal: 'system:node:gke-c1-pool-0' },
      ],
      ['refused', { code: 7 }],
      ['by the controller of namespaces', { principal: 'system:serviceaccount:kube-system:namespace-controller' }],
      ['something else', { resource: 'configmaps' }],
    ],
  });
});
