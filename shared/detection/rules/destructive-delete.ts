import { callRule } from '../call-rule.ts';
import { REMOVALS } from '../calls.ts';
import { shownCall } from '../claim.ts';

/** Somebody deleted an object that people rely on. Several in a short time are the business of another rule. */
export const destructiveDelete = callRule({
  id: 'destructive-delete',
  title: 'Namespace, workload or volume deleted',
  sees: 'A deletion of a namespace, a Deployment, a DaemonSet, a StatefulSet or a PersistentVolumeClaim, by anyone but the system components of the cluster.',
  why: 'Deleted data does not come back, and a deleted DaemonSet may have been the agent that watches. Most such deletions are routine, so one alone is only noted.',
  technique: [{ id: 'T1485', name: 'Data Destruction' }],
  severity: 'low',
  confidence: 0.35,
  family: 'identity',
  falsePositives: ['Housekeeping', 'Test environments'],
  calls: [
    {
      resources: [
        'core/namespaces',
        'core/persistentvolumeclaims',
        'apps/deployments',
        'apps/daemonsets',
        'apps/statefulsets',
        'extensions/deployments',
      ],
      verbs: REMOVALS,
    },
  ],
  example: 'kubectl delete namespace shop',
  match: (signal) => ({ because: [shownCall(signal)] }),
});
