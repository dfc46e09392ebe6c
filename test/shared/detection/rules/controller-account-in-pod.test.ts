import { controllerAccountInPod } from '../../../../shared/detection/rules/controller-account-in-pod.ts';
import { deployment, pod, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const running = (serviceAccountName: string): Record<string, unknown> => podSpec({}, { serviceAccountName });
const BASE = {
  verb: 'create',
  resource: 'pods',
  namespace: 'kube-system',
  name: 'helper',
  request: pod(running('clusterrole-aggregation-controller')),
};

describe('rule controller-account-in-pod', () => {
  ruleCases(controllerAccountInPod, BASE, {
    fires: [
      [
        'in a template',
        { group: 'apps', resource: 'deployments', request: deployment(running('replicaset-controller')) },
      ],
      ['by its old name', { request: pod(podSpec({}, { serviceAccount: 'daemon-set-controller' })) }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.75 }],
    ],
    misses: [
      ['an account of an add-on', { request: pod(running('kube-dns')) }],
      ['an account that is called so elsewhere', { namespace: 'shop' }],
      ['no account', { request: pod(podSpec()) }],
    ],
  });
});
