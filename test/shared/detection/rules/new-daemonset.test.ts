import { newDaemonset } from '../../../../shared/detection/rules/new-daemonset.ts';
import { deployment, madeAt, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'create',
  group: 'apps',
  resource: 'daemonsets',
  namespace: 'shop',
  name: 'agent',
  request: deployment(podSpec(), { name: 'agent' }),
};
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('rule new-daemonset', () => {
  ruleCases(newDaemonset, BASE, {
    fires: [
      [
        'on the workload',
        {},
        { target: { ...CLUSTER, namespace: 'shop', workload: { kind: 'DaemonSet', name: 'agent' } } },
      ],
      ['by server-side apply', { verb: 'patch', response: madeAt('2026-03-02T10:15:30Z') }],
      [
        'refused',
        { code: 7 },
        { severity: 'low', confidence: 0.35, target: { ...CLUSTER, principal: 'ana@example.com' } },
      ],
    ],
    misses: [
      ['a Deployment', { resource: 'deployments' }],
      ['a change', { verb: 'patch', response: madeAt('2026-03-02T10:14:00Z') }],
      ['a change without an answer', { verb: 'patch' }],
      ['by the machinery', { principal: 'system:addon-manager', namespace: 'kube-system' }],
      ['one that was there', { code: 6 }],
    ],
  });
});
