import { callRule } from '../call-rule.ts';
import { shownCall } from '../claim.ts';
import { objectNameOf } from '../object-names.ts';
import { RBAC_CHANGES } from '../role.ts';

/** Somebody changed the rights of Kubernetes' own parts. */
export const systemRbacChanged = callRule({
  id: 'system-rbac-changed',
  title: 'System role or binding changed',
  sees: 'A role or binding whose name begins with system: that is created, changed or deleted by anyone but the system components of the cluster.',
  why: 'Rights added to a system role look as if they belonged there.',
  technique: [{ id: 'T1098.006', name: 'Account Manipulation: Additional Container Cluster Roles' }],
  severity: 'high',
  confidence: 0.8,
  family: 'rbac',
  falsePositives: ['Manual upgrades of components that GKE does not manage'],
  calls: RBAC_CHANGES,
  example: 'kubectl edit clusterrole system:basic-user',
  evident: true,
  match: (signal) => (objectNameOf(signal)?.startsWith('system:') ? { because: [shownCall(signal)] } : undefined),
});
