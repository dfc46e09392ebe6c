import { truncatedWrite } from '../../../../shared/detection/rules/truncated-write.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'create',
  group: 'apps',
  resource: 'daemonsets',
  namespace: 'shop',
  name: 'agent',
  labels: { 'audit.k8s.io/truncated': 'true' },
};
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('rule truncated-write', () => {
  ruleCases(truncatedWrite, BASE, {
    fires: [
      [
        'on the workload',
        {},
        { target: { ...CLUSTER, namespace: 'shop', workload: { kind: 'DaemonSet', name: 'agent' } } },
      ],
      ['a pod', { group: 'core', resource: 'pods' }],
      ['a role', { group: 'rbac.authorization.k8s.io', resource: 'clusterroles', namespace: undefined }],
      ['a change', { verb: 'patch' }],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.3 }],
    ],
    misses: [
      ['whole in the log', { labels: {} }],
      ['with its body all the same', { request: { spec: {} } }],
      ['of what holds data', { group: 'core', resource: 'configmaps' }],
      [
        'by a controller',
        { principal: 'system:serviceaccount:kube-system:daemon-set-controller', group: 'core', resource: 'pods' },
      ],
      ['its state', { subresource: 'status', verb: 'patch' }],
      ['lost to a conflict', { code: 10 }],
    ],
  });
});
