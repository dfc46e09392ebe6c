import { quote } from '../../text.ts';
import { CONTROLLER_ACCOUNTS } from '../controller-accounts.ts';
import { podRule, sightingFor } from '../pod-rule.ts';

/** A workload that runs as a controller of the cluster. */
export const controllerAccountInPod = podRule({
  id: 'controller-account-in-pod',
  title: "Pod with a controller's service account",
  sees: 'A pod, or a pod template, in kube-system with the service account of a Kubernetes controller.',
  why: 'In GKE, controllers have no pods of their own. Their accounts may write everything that they control, so such a pod gains those rights.',
  technique: [{ id: 'T1078.001', name: 'Valid Accounts: Default Accounts' }],
  severity: 'high',
  confidence: 0.85,
  family: 'spec',
  falsePositives: [],
  example: 'a pod in kube-system with serviceAccountName: clusterrole-aggregation-controller',
  look: ({ serviceAccount = '' }, { call }) =>
    call.namespace === 'kube-system' && CONTROLLER_ACCOUNTS.includes(serviceAccount)
      ? sightingFor([`it runs as ${quote(serviceAccount, 253)}, the account of a controller of the cluster`])
      : undefined,
});
