import { sharedProcessNamespace } from '../../../../shared/detection/rules/shared-process-namespace.ts';
import { deployment, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'patch',
  group: 'apps',
  resource: 'deployments',
  namespace: 'shop',
  name: 'cart',
  request: deployment(podSpec({}, { shareProcessNamespace: true })),
};

describe('rule shared-process-namespace', () => {
  ruleCases(sharedProcessNamespace, BASE, {
    fires: [['refused', { code: 7 }, { confidence: 0.3 }]],
    misses: [
      ['not asked for', { request: deployment(podSpec({}, { shareProcessNamespace: false })) }],
      ['that of the node', { request: deployment(podSpec({}, { hostPID: true })) }],
      ['its state', { subresource: 'status' }],
    ],
  });
});
