import { staticPod } from '../../../../shared/detection/rules/static-pod.ts';
import { pod, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const mirror = (annotations: Record<string, string>): Record<string, unknown> => pod(podSpec(), { annotations });
const BASE = {
  verb: 'create',
  resource: 'pods',
  namespace: 'shop',
  name: 'tool-gke-c1-pool-1-9d8e7f6a-c1',
  principal: 'system:node:gke-c1-pool-1-9d8e7f6a-c1',
  request: mirror({ 'kubernetes.io/config.mirror': 'a1b2', 'kubernetes.io/config.source': 'file' }),
};

describe('rule static-pod', () => {
  ruleCases(staticPod, BASE, {
    fires: [
      ['by its source alone', { request: mirror({ 'kubernetes.io/config.source': 'file' }) }],
      ['only in the answer', { request: undefined, response: mirror({ 'kubernetes.io/config.mirror': 'a1b2' }) }],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.45 }],
    ],
    misses: [
      ['of the platform', { namespace: 'kube-system' }],
      ['another source', { request: mirror({ 'kubernetes.io/config.source': 'api' }) }],
      ['by no node', { principal: 'ana@example.com' }],
      ['its state', { verb: 'patch', subresource: 'status' }],
    ],
  });
});
