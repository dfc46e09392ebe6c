import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { shownCaller, shownObject } from '../claim.ts';
import { ROLE_WRITES, roleOf } from '../role.ts';

/** A role that allows everything. */
export const wildcardRole = callRule({
  id: 'wildcard-role',
  title: 'Role with every right',
  sees: 'A Role or ClusterRole that is written with every verb on every resource of every API group, or of the core group; of another group alone: medium 0.40.',
  why: 'It is cluster-admin under another name.',
  technique: [{ id: 'T1098.006', name: 'Account Manipulation: Additional Container Cluster Roles' }],
  severity: 'high',
  confidence: 0.7,
  family: 'rbac',
  falsePositives: ['Operators that request every right'],
  calls: ROLE_WRITES,
  example: "kubectl create clusterrole all --verb='*' --resource='*'",
  match: (signal) => {
    const role = signal.outcome === 'failed' ? undefined : roleOf(signal);
    const all = role?.rights.filter(({ verbs, resources }) => verbs.includes('*') && resources.includes('*')) ?? [];
    if (all.length === 0) return undefined;
    const groups = all.flatMap((right) => right.groups);
    // Operators often define an API group and own all of it.
    const narrow = !groups.includes('*') && !groups.includes('') && groups.length > 0;
    const of = narrow ? ` of ${quote(groups.slice(0, 5).join(', '), 253)}` : '';
    const did = signal.outcome === 'ok' ? 'wrote' : 'tried to write';
    return {
      because: [`${shownCaller(signal)} ${did} ${shownObject(signal)}, with every verb on every resource${of}`],
      ...(narrow ? { severity: 'medium', confidence: 0.4 } : {}),
    };
  },
});
