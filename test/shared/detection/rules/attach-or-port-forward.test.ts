import { attachOrPortForward } from '../../../../shared/detection/rules/attach-or-port-forward.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'create', resource: 'pods', subresource: 'portforward', namespace: 'shop', name: 'cart-0' };
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('rule attach-or-port-forward', () => {
  ruleCases(attachOrPortForward, BASE, {
    fires: [
      ['on the pod', {}, { target: { ...CLUSTER, namespace: 'shop', pod: 'cart-0' } }],
      ['an attach', { subresource: 'attach' }],
      ['over WebSocket', { verb: 'get', log: 'data_access' }],
      ['refused', { code: 7 }, { confidence: 0.3 }],
    ],
    misses: [
      ['an exec, which is seen elsewhere', { subresource: 'exec' }],
      ['the logs', { subresource: 'log', verb: 'get' }],
      ['of something else', { resource: 'services' }],
      ['no such pod', { code: 5 }],
    ],
  });
});
