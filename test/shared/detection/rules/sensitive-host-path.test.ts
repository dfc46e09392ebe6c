import { sensitiveHostPath } from '../../../../shared/detection/rules/sensitive-host-path.ts';
import { deployment, ownedByReplicaSet, pod, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const mounting = (path: string): Record<string, unknown> =>
  podSpec({}, { volumes: [{ name: 'host', hostPath: { path } }] });
const BASE = { verb: 'create', resource: 'pods', namespace: 'shop', name: 'cart-7d9f', request: pod(mounting('/')) };

describe('rule sensitive-host-path', () => {
  ruleCases(sensitiveHostPath, BASE, {
    fires: [
      ['the root', {}],
      ['a runtime socket', { request: pod(mounting('/run/containerd/containerd.sock')) }],
      ['/etc', { request: pod(mounting('/etc')) }, { severity: 'medium' }],
      ['the disk of a node', { request: pod(mounting('/mnt/stateful_partition')) }],
      ['timers', { request: pod(mounting('/var/spool/cron')) }, { severity: 'medium' }],
      ['programs', { request: pod(mounting('/usr')) }, { severity: 'low', confidence: 0.4 }],
      [
        'in a Deployment',
        { group: 'apps', resource: 'deployments', name: 'cart', request: deployment(mounting('/var/lib/kubelet')) },
      ],
      [
        'made by a controller',
        {
          principal: 'system:serviceaccount:kube-system:daemon-set-controller',
          request: pod(mounting('/'), ownedByReplicaSet('DaemonSet')),
        },
        { severity: 'medium', confidence: 0.4 },
      ],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.6 }],
    ],
    misses: [
      ['a folder for data', { request: pod(mounting('/data')) }],
      ['logs', { request: pod(mounting('/var/log')) }],
      [
        'programs, by an agent of the platform',
        {
          principal: 'system:addon-manager',
          group: 'apps',
          resource: 'daemonsets',
          namespace: 'kube-system',
          name: 'node-agent',
          request: deployment(mounting('/sys')),
        },
      ],
      ['no path of the node', { request: pod(podSpec({}, { volumes: [{ name: 'host', emptyDir: {} }] })) }],
      ['lost to a conflict', { code: 10 }],
      ['read', { verb: 'get' }],
    ],
  });
});
