import { secretChanged } from '../../../../shared/detection/rules/secret-changed.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'delete', resource: 'secrets', namespace: 'shop', name: 'db' };

describe('rule secret-changed', () => {
  ruleCases(secretChanged, BASE, {
    fires: [
      ['written', { verb: 'patch' }],
      ['by an account elsewhere', { principal: 'system:serviceaccount:payments:ledger' }],
    ],
    misses: [
      ['read', { verb: 'get' }],
      ['by a service account of Google Cloud', { principal: 'ci@p1.iam.gserviceaccount.com' }],
      ['by an account at home', { principal: 'system:serviceaccount:shop:cart' }],
      ['a config map', { resource: 'configmaps' }],
    ],
  });
});
