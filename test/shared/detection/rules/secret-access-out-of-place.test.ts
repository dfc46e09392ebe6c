import { secretAccessOutOfPlace } from '../../../../shared/detection/rules/secret-access-out-of-place.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'list',
  resource: 'secrets',
  principal: 'system:node:gke-c1-pool-1-0001',
  log: 'data_access',
} as const;

describe('rule secret-access-out-of-place', () => {
  ruleCases(secretAccessOutOfPlace, BASE, {
    fires: [
      [
        'refused to an account',
        { verb: 'get', namespace: 'shop', name: 'db', principal: 'system:serviceaccount:shop:cart', code: 7 },
      ],
    ],
    misses: [
      ['one by a node', { verb: 'get', namespace: 'shop', name: 'db' }],
      [
        'let to an account',
        { verb: 'get', namespace: 'shop', name: 'db', principal: 'system:serviceaccount:shop:cart' },
      ],
      ['of config maps', { resource: 'configmaps' }],
    ],
  });
});
