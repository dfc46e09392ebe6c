import { secretsListed } from '../../../../shared/detection/rules/secrets-listed.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'list', resource: 'secrets', log: 'data_access' } as const;

describe('rule secrets-listed', () => {
  ruleCases(secretsListed, BASE, {
    fires: [
      ['watched', { verb: 'watch' }],
      ['of a system namespace', { namespace: 'kube-system' }],
      ['by an account', { principal: 'system:serviceaccount:shop:cart' }, { severity: 'medium', confidence: 0.45 }],
      ['of one namespace', { namespace: 'shop' }, { severity: 'low', confidence: 0.3 }],
    ],
    misses: [
      ['one', { verb: 'get', namespace: 'shop', name: 'db' }],
      ['refused', { code: 7 }],
      ['config maps', { resource: 'configmaps' }],
    ],
  });
});
