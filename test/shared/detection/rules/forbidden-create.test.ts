import { forbiddenCreate } from '../../../../shared/detection/rules/forbidden-create.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'create',
  resource: 'pods',
  namespace: 'shop',
  code: 7,
  principal: 'system:serviceaccount:shop:cart',
  message: 'pods is forbidden: User "system:serviceaccount:shop:cart" cannot create resource "pods" in API group ""',
};

describe('rule forbidden-create', () => {
  ruleCases(forbiddenCreate, BASE, {
    fires: [
      ['without a message', { message: undefined }],
      ['a command in a pod', { subresource: 'exec', name: 'cart-0' }],
      ['by an account of the system', { principal: 'system:serviceaccount:kube-system:kube-dns' }],
    ],
    misses: [
      ['let', { code: 0 }],
      ['refused by admission', { decision: 'allow' }],
      ['refused by quota', { message: 'pods "a" is forbidden: exceeded quota: small' }],
      ['refused by a webhook', { message: 'admission webhook "a.example.com" denied the request' }],
      ['read', { verb: 'get' }],
      ['nobody', { principal: null }],
      ['a caller without a credential', { principal: 'system:anonymous' }],
      ['a question', { group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews', namespace: undefined }],
    ],
  });
});
