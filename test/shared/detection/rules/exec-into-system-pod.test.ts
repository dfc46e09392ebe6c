import { execIntoSystemPod } from '../../../../shared/detection/rules/exec-into-system-pod.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'create',
  resource: 'pods',
  subresource: 'exec',
  namespace: 'kube-system',
  name: 'kube-dns-5d8f-x2',
  command: 'sh',
};
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('rule exec-into-system-pod', () => {
  ruleCases(execIntoSystemPod, BASE, {
    fires: [
      ['on the pod', {}, { target: { ...CLUSTER, namespace: 'kube-system', pod: 'kube-dns-5d8f-x2' } }],
      ['over WebSocket', { verb: 'get' }],
      ['an attach', { subresource: 'attach', command: undefined }],
      ['in a namespace of GKE', { namespace: 'gke-managed-cim' }],
      ['by an account of that namespace', { principal: 'system:serviceaccount:kube-system:kube-dns' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.65 }],
    ],
    misses: [
      ['among the pods of users', { namespace: 'shop' }],
      ['in a namespace that is named alike', { namespace: 'kube-system-tools' }],
      ['the logs', { subresource: 'log', verb: 'get' }],
      ['a pod that is not there', { code: 5 }],
    ],
  });
});
