import { nodeProxy } from '../../../../shared/detection/rules/node-proxy.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'create',
  resource: 'nodes',
  name: 'gke-c1-pool-1-0001',
  subresource: 'proxy/run/shop/cart-7d9f/cart',
};

describe('rule node-proxy', () => {
  ruleCases(nodeProxy, BASE, {
    fires: [['a read of the pods', { verb: 'get', subresource: 'proxy/pods', log: 'data_access' as const }]],
    misses: [
      ['metrics', { verb: 'get', subresource: 'proxy/metrics/cadvisor' }],
      ['statistics', { verb: 'get', subresource: 'proxy/stats/summary' }],
      ['the node itself', { verb: 'get', subresource: 'status' }],
      ['of a Service', { resource: 'services', namespace: 'shop' }],
    ],
  });
});
