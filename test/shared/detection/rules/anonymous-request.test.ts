import { anonymousRequest } from '../../../../shared/detection/rules/anonymous-request.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'list',
  resource: 'pods',
  namespace: 'shop',
  principal: 'system:anonymous',
  log: 'data_access',
} as const;

describe('rule anonymous-request', () => {
  ruleCases(anonymousRequest, BASE, {
    fires: [
      ['of one pod', { verb: 'get', name: 'cart-7d9f' }],
      ['of everything', { verb: 'watch' }],
    ],
    misses: [
      ['by somebody', { principal: 'ana@example.com' }],
      ['refused', { code: 7 }],
      ['a change, which is another rule', { verb: 'create' }],
      ['an exec, which is another rule', { verb: 'get', subresource: 'exec', name: 'cart-7d9f' }],
    ],
  });
});
