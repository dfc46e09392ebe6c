import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { shownCaller, shownObject } from '../claim.ts';
import { ROLE_WRITES, roleOf } from '../role.ts';

const VERBS = ['escalate', 'bind', 'impersonate'];

/** A role whose owner may take every other role. */
export const escalationVerbsGranted = callRule({
  id: 'escalation-verbs-granted',
  title: 'Role that may raise its own rights',
  sees: `A Role or ClusterRole that is written with one of the verbs ${VERBS.join(', ')}.`,
  why: 'Whoever may escalate or bind gives themselves any role; whoever may impersonate is anybody.',
  technique: [{ id: 'T1098.006', name: 'Account Manipulation: Additional Container Cluster Roles' }],
  severity: 'high',
  confidence: 0.75,
  family: 'rbac',
  falsePositives: ['Rancher, Cluster API, Argo CD and others that manage rights'],
  calls: ROLE_WRITES,
  example: 'kubectl create clusterrole x --verb=escalate --resource=clusterroles',
  match: (signal) => {
    const role = signal.outcome === 'failed' ? undefined : roleOf(signal);
    const right = role?.rights.find(({ verbs }) => verbs.some((verb) => VERBS.includes(verb)));
    if (right === undefined) return undefined;
    const verbs = right.verbs.filter((verb) => VERBS.includes(verb)).join(', ');
    const did = signal.outcome === 'ok' ? 'wrote' : 'tried to write';
    const on = right.resources.slice(0, 5).join(', ');
    return {
      because: [`${shownCaller(signal)} ${did} ${shownObject(signal)}, which allows to ${verbs} ${quote(on, 253)}`],
    };
  },
});
