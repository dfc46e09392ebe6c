import { anonymousWrite } from '../../../../shared/detection/rules/anonymous-write.ts';
import { pod, podSpec, UID } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  principal: 'system:anonymous',
  verb: 'create',
  resource: 'pods',
  namespace: 'shop',
  name: 'cart-7d9f',
  response: pod(podSpec(), { uid: UID }),
};
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('rule anonymous-write', () => {
  ruleCases(anonymousWrite, BASE, {
    fires: [
      ['on what was made', {}, { target: { ...CLUSTER, namespace: 'shop', pod: 'cart-7d9f', uid: UID } }],
      ['by the group', { principal: 'system:unauthenticated' }],
      ['an exec over WebSocket', { verb: 'get', subresource: 'exec' }],
      [
        'something that is no workload',
        { resource: 'secrets' },
        { target: { ...CLUSTER, principal: 'system:anonymous' } },
      ],
      ['a deletion', { verb: 'delete' }, { target: { ...CLUSTER, principal: 'system:anonymous' } }],
      ['half an entry', { split: { uid: 'u', index: 0, totalSplits: 2 } }, { confidence: 0.57 }],
    ],
    misses: [
      ['a named caller', { principal: 'ana@example.com' }],
      ['no caller at all', { principal: null }],
      ['a name that only looks like it', { principal: 'system:anonymous\u200b' }],
      ['read', { verb: 'get' }],
      ['refused', { code: 7 }],
      ['not let in', { code: 16 }],
      [
        'a question, which is never stored',
        { group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews', namespace: undefined, name: undefined },
      ],
    ],
  });
});
