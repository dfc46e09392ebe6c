import { hostIpc } from '../../../../shared/detection/rules/host-ipc.ts';
import { pod, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'create',
  resource: 'pods',
  namespace: 'shop',
  name: 'cart-7d9f',
  request: pod(podSpec({}, { hostIPC: true })),
};

describe('rule host-ipc', () => {
  ruleCases(hostIpc, BASE, {
    fires: [
      ['only in the answer', { request: pod(podSpec()), response: pod(podSpec({}, { hostIPC: true })) }],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.55 }],
    ],
    misses: [
      ['not asked for', { request: pod(podSpec({}, { hostIPC: false })) }],
      ['hostPID', { request: pod(podSpec({}, { hostPID: true })) }],
      ['lost to a conflict', { code: 10 }],
    ],
  });
});
