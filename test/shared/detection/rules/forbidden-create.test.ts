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

const QUOTA = 'system:serviceaccount:shop:quota-sync';
/** The message of the API server if RBAC refuses a create call. */
const cannot = (principal: string, resource: string, namespace: string): string =>
  `${resource} is forbidden: User "${principal}" cannot create resource "${resource}" in API group "" in the namespace "${namespace}"`;

describe('rule forbidden-create', () => {
  ruleCases(forbiddenCreate, BASE, {
    fires: [
      ['without a message', { message: undefined }],
      ['by who is called like a quota', { principal: QUOTA, message: cannot(QUOTA, 'pods', 'shop') }],
      [
        'in a namespace that is called like one, where the log leaves out who answered',
        { namespace: 'quota-team', decision: null, message: cannot(BASE.principal, 'pods', 'quota-team') },
      ],
      [
        'a quota itself',
        { resource: 'resourcequotas', decision: null, message: cannot(BASE.principal, 'resourcequotas', 'shop') },
      ],
      [
        'by who is called like what a quota says',
        { decision: null, message: cannot('exceeded quota: pods', 'limitranges', 'being-deleted') },
      ],
      ['whatever the message says, as the log says who answered', { message: 'exceeded quota: small' }],
      ['a command in a pod', { subresource: 'exec', name: 'cart-0' }],
      ['by an account of the system', { principal: 'system:serviceaccount:kube-system:kube-dns' }],
    ],
    misses: [
      ['let', { code: 0 }],
      ['refused by admission', { decision: 'allow' }],
      ['refused by quota', { decision: null, message: 'pods "a" is forbidden: exceeded quota: small' }],
      [
        'refused by a policy of pods',
        { decision: null, message: 'pods "a" is forbidden: violates PodSecurity "restricted:latest": privileged' },
      ],
      [
        'refused by a limit',
        { decision: null, message: 'pods "a" is forbidden: [maximum cpu usage per Container is 1, but limit is 2]' },
      ],
      [
        'refused as all of it goes',
        {
          decision: null,
          message:
            'pods "a" is forbidden: unable to create new content in namespace shop because it is being terminated',
        },
      ],
      ['refused by a webhook', { decision: null, message: 'admission webhook "a.example.com" denied the request' }],
      ['read', { verb: 'get' }],
      ['nobody', { principal: null }],
      ['a caller without a credential', { principal: 'system:anonymous' }],
      ['a question', { group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews', namespace: undefined }],
    ],
  });
});
