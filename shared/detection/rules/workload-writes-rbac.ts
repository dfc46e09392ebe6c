import { isDeployer } from '../allowed-pairs.ts';
import { callRule } from '../call-rule.ts';
import { shownCall } from '../claim.ts';
import { RBAC_CHANGES } from '../role.ts';

const BY_DEPLOYER = 0.25;

/** A workload changed roles or bindings. */
export const workloadWritesRbac = callRule({
  id: 'workload-writes-rbac',
  title: 'RBAC changed by a workload',
  sees: 'A role or binding that the service account of a workload creates, changes or deletes; 0.25 for the service accounts of the controllers of Argo CD and Flux.',
  why: 'Few workloads manage rights. One that suddenly does is probably under the control of somebody who wants more rights.',
  technique: [{ id: 'T1098.006', name: 'Account Manipulation: Additional Container Cluster Roles' }],
  severity: 'medium',
  confidence: 0.55,
  family: 'rbac',
  falsePositives: ['Operators', 'Deployment from within the cluster'],
  calls: RBAC_CHANGES,
  example: 'a RoleBinding made with the token of system:serviceaccount:shop:cart',
  match: (signal) => {
    if (signal.outcome !== 'ok' || signal.principalClass !== 'workload') return undefined;
    return {
      because: [shownCall(signal)],
      ...(isDeployer(signal) ? { confidence: BY_DEPLOYER } : {}),
    };
  },
});
