import { podProxy } from '../../../../shared/detection/rules/pod-proxy.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'create', resource: 'pods', namespace: 'shop', name: 'cart-0', subresource: 'proxy' };
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };
const POD = { target: { ...CLUSTER, namespace: 'shop', pod: 'cart-0' } };

describe('rule pod-proxy', () => {
  ruleCases(podProxy, BASE, {
    fires: [
      ['on the pod', {}, POD],
      ['a read', { verb: 'get', log: 'data_access' }, POD],
      ['a port of it', { name: 'cart-0:8080' }, POD],
      ['a port with a protocol', { name: 'https:cart-0:8443' }, POD],
      [
        'a Service, on who did it',
        { resource: 'services', name: 'https:dashboard:' },
        { target: { ...CLUSTER, principal: 'ana@example.com' } },
      ],
      ['refused', { code: 7 }, { confidence: 0.3 }],
    ],
    misses: [
      ['the pod itself', { subresource: undefined, verb: 'get' }],
      ['a proxy of a node', { resource: 'nodes', namespace: undefined }],
      ['no such pod', { code: 5 }],
    ],
  });
});
