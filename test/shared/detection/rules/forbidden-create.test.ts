import { forbiddenCreate } from '../../../../shared/detection/rules/forbidden-create.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'create',
  resource: 'pods',
  namespace: 'shop',
  code: 7,
  message: 'pods is forbidden: User "ana@example.com" cannot create resource "pods"',
};

describe('rule forbidden-create', () => {
  ruleCases(forbiddenCreate, BASE, {
    fires: [['of a deployment', { group: 'apps', resource: 'deployments' }]],
    misses: [
      ['let', { code: 0, message: '' }],
      ['over quota', { message: 'exceeded quota: compute' }],
      ['by a webhook', { message: 'admission webhook "x.example.com" denied the request' }],
      ['a delete', { verb: 'delete', name: 'cart-7d9f' }],
      ['a question of rights', { group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' }],
      ['without a credential', { principal: 'system:anonymous' }],
    ],
  });
});
