import { at, record, records } from '../../kubernetes/loose.ts';
import { writtenAt } from '../../kubernetes/patch.ts';
import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import type { CallSignal } from '../calls.ts';
import { shownDeed } from '../claim.ts';
import { hasGroup, hasVerb, ROLE_WRITES, roleOf } from '../role.ts';

/** A role that allows everything. */
export const wildcardRole = callRule({
  id: 'wildcard-role',
  title: 'Role with every right',
  sees: 'A Role or ClusterRole that is written with every verb on every resource of every API group, or of the core group; of another group alone: medium 0.40; with the verbs to read, create, change and delete instead of every verb: 0.60. Also a ClusterRole that gathers the rights of every other one.',
  why: 'It is cluster-admin under another name.',
  technique: [{ id: 'T1098.006', name: 'Account Manipulation: Additional Container Cluster Roles' }],
  severity: 'high',
  confidence: 0.7,
  family: 'rbac',
  falsePositives: ['Operators that request every right'],
  calls: ROLE_WRITES,
  example: "kubectl create clusterrole all --verb='*' --resource='*'",
  match: (signal) => {
    const role = roleOf(signal);
    const whole = role?.rights.filter(({ resources }) => resources.includes('*')) ?? [];
    const all = whole.filter(({ verbs }) => verbs.includes('*'));
    const wrote = shownDeed(signal, 'wrote', 'write');
    if (all.length === 0) {
      if (gathersAll(signal)) return { because: [`${wrote}, which gathers the rights of every other one`] };
      const listed = whole.some((right) => hasGroup(right, '') && LISTED.every((verbs) => hasVerb(right, ...verbs)));
      return listed
        ? { because: [`${wrote}, with the verbs to read, create, change and delete every resource`], confidence: 0.6 }
        : undefined;
    }
    const groups = all.flatMap((right) => right.groups);
    // Operators often define an API group and own all of it.
    const narrow = !groups.includes('*') && !groups.includes('') && groups.length > 0;
    const of = narrow ? ` of ${quote(groups.slice(0, 5).join(', '), 253)}` : '';
    return {
      because: [`${wrote}, with every verb on every resource${of}`],
      ...(narrow ? { severity: 'medium', confidence: 0.4 } : {}),
    };
  },
});

/** The verbs that make somebody the owner of a resource; of each list one is enough. */
const LISTED = [['get', 'list'], ['create'], ['update', 'patch'], ['delete']];

/** The label of the roles that Kubernetes brings along, cluster-admin among them. */
const BROUGHT_ALONG = 'kubernetes.io/bootstrapping';

/** Whether a role is told to gather the rights of others, by a selector that is empty or selects cluster-admin. */
const gathersAll = (signal: CallSignal): boolean =>
  records(writtenAt(signal, 'aggregationRule', 'clusterRoleSelectors')).some((selector) => {
    const labels = record(selector.matchLabels) ?? {};
    if (Object.hasOwn(labels, BROUGHT_ALONG)) return true;
    return Object.keys(labels).length === 0 && records(at(selector, 'matchExpressions')).length === 0;
  });
