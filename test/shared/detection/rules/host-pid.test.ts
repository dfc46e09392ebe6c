import { hostPid } from '../../../../shared/detection/rules/host-pid.ts';
import { deployment, ownedByReplicaSet, pod, podSpec, UID } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const SPEC = podSpec({}, { hostPID: true });
const BASE = { verb: 'create', resource: 'pods', namespace: 'shop', name: 'cart-7d9f', request: pod(SPEC) };
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };
const made = (by: string, kind: string) => ({
  principal: `system:serviceaccount:kube-system:${by}`,
  request: pod(SPEC, ownedByReplicaSet(kind)),
});

describe('rule host-pid', () => {
  ruleCases(hostPid, BASE, {
    fires: [
      [
        'on the pod',
        { response: pod(SPEC, { uid: UID }) },
        { target: { ...CLUSTER, namespace: 'shop', pod: 'cart-7d9f', uid: UID } },
      ],
      ['in a Deployment', { group: 'apps', resource: 'deployments', name: 'cart', request: deployment(SPEC) }],
      ['made by a controller', made('replicaset-controller', 'ReplicaSet'), { severity: 'medium', confidence: 0.5 }],
      ['on a new node', made('daemon-set-controller', 'DaemonSet'), { severity: 'medium', confidence: 0.4 }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.6 }],
    ],
    misses: [
      ['not asked for', { request: pod(podSpec({}, { hostPID: false })) }],
      ['a word', { request: pod(podSpec({}, { hostPID: 'true' })) }],
      ['hostIPC', { request: pod(podSpec({}, { hostIPC: true })) }],
      ['by the platform', { principal: 'system:addon-manager', namespace: 'kube-system' }],
      ['deleted', { verb: 'delete' }],
    ],
  });
});
