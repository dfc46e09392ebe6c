import { secretAccessOutOfPlace } from '../../../../shared/detection/rules/secret-access-out-of-place.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'list',
  resource: 'secrets',
  log: 'data_access' as const,
  principal: 'system:node:gke-c1-pool-1-9d8e7f6a-c1',
};
const REFUSED = { verb: 'get', namespace: 'shop', name: 'db', code: 7, principal: 'system:serviceaccount:shop:cart' };

describe('rule secret-access-out-of-place', () => {
  ruleCases(secretAccessOutOfPlace, BASE, {
    fires: [
      ['by a node that is refused', { code: 7 }],
      ['watched by a node', { verb: 'watch' }],
      ['by a node, of one namespace', { namespace: 'secrets' }],
      ['by a workload that is refused, as it follows one', { ...REFUSED, verb: 'watch' }, { confidence: 0.45 }],
      ['by a workload that is refused', REFUSED, { confidence: 0.45 }],
    ],
    misses: [
      ['by a node, for a pod', { verb: 'get', namespace: 'shop', name: 'db' }],
      ['by a node, listed by its name for a pod', { namespace: 'gmp-system', name: 'collection' }],
      ['by a node, followed for a pod', { verb: 'watch', namespace: 'gmp-system', name: 'collection' }],
      ['by a node, one that it may not', { namespace: 'shop', name: 'db', code: 7 }],
      ['by a workload that is let', { ...REFUSED, code: 0 }],
      ['by a workload, one that is not there', { ...REFUSED, code: 5 }],
      ['by a person who is refused', { ...REFUSED, principal: 'ana@example.com' }],
    ],
  });
});
