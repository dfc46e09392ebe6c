import { staticPod } from '../../../../shared/detection/rules/static-pod.ts';
import { pod, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const mirror = (annotations: Record<string, string>, container = {}): Record<string, unknown> =>
  pod(podSpec(container), { annotations });
const FROM_FILE = { 'kubernetes.io/config.mirror': 'a1b2', 'kubernetes.io/config.source': 'file' };
const BASE = {
  verb: 'create',
  resource: 'pods',
  namespace: 'shop',
  name: 'tool-gke-c1-pool-1-9d8e7f6a-c1',
  principal: 'system:node:gke-c1-pool-1-9d8e7f6a-c1',
  request: mirror(FROM_FILE),
};

describe('rule static-pod', () => {
  ruleCases(staticPod, BASE, {
    fires: [
      ['by its source alone', { request: mirror({ 'kubernetes.io/config.source': 'file' }) }],
      ['only in the answer', { request: undefined, response: mirror({ 'kubernetes.io/config.mirror': 'a1b2' }) }],
      ['an image of others among the pods of the platform', { namespace: 'kube-system' }],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.45 }],
    ],
    misses: [
      [
        'of the platform',
        { namespace: 'kube-system', request: mirror(FROM_FILE, { image: 'gke.gcr.io/kube-proxy-amd64:v1.33.4' }) },
      ],
      [
        'of the platform, without its spec',
        { namespace: 'kube-system', request: { metadata: { annotations: FROM_FILE } } },
      ],
      ['another source', { request: mirror({ 'kubernetes.io/config.source': 'api' }) }],
      ['by no node', { principal: 'ana@example.com' }],
      ['its state', { verb: 'patch', subresource: 'status' }],
    ],
  });
});
