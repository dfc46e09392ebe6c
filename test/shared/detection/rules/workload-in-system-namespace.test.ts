import { workloadInSystemNamespace } from '../../../../shared/detection/rules/workload-in-system-namespace.ts';
import { deployment, ownedByReplicaSet, pod, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'create',
  group: 'apps',
  resource: 'deployments',
  namespace: 'kube-system',
  name: 'helper',
  request: deployment(podSpec(), { name: 'helper' }),
};
const MADE = {
  group: 'core',
  resource: 'pods',
  name: 'helper-1',
  principal: 'system:serviceaccount:kube-system:replicaset-controller',
  request: pod(podSpec(), ownedByReplicaSet()),
};
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('rule workload-in-system-namespace', () => {
  ruleCases(workloadInSystemNamespace, BASE, {
    fires: [
      [
        'on the workload',
        {},
        { target: { ...CLUSTER, namespace: 'kube-system', workload: { kind: 'Deployment', name: 'helper' } } },
      ],
      ['a change of what runs', { verb: 'patch', request: { spec: { template: { spec: podSpec() } } } }],
      ['where nothing ever runs', { namespace: 'kube-public' }],
      ['where nothing ever runs, by a controller', { ...MADE, namespace: 'kube-public' }],
      ['by an account of that namespace', { principal: 'system:serviceaccount:kube-system:fluentbit' }],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.45 }],
    ],
    misses: [
      ['among users', { namespace: 'shop' }],
      ['a namespace that is named alike', { namespace: 'kube-system-tools' }],
      ['by the machinery', { principal: 'system:addon-manager' }],
      ['a pod that a controller makes', MADE],
      ['a scale', { verb: 'patch', request: { spec: { replicas: 3 } } }],
      ['its state', { subresource: 'status', verb: 'update' }],
    ],
  });
});
