import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { shownDeed } from '../claim.ts';
import { RBAC } from '../resources.ts';
import { hasGroup, type Right, ROLE_WRITES, resourcesIn, roleOf } from '../role.ts';

const VERBS = ['escalate', 'bind', 'impersonate'];
/** The resources that these verbs act on: `*` as the verb includes them, whether the role's author knows it or not. */
const RIGHTS = ['clusterroles', 'roles'];
const PEOPLE = ['users', 'groups'];
const ACCOUNTS = ['serviceaccounts'];

const BY_WILDCARD = { confidence: 0.6 } as const;
/** Lower, because operators often request every right over the accounts that they create. */
const OVER_ACCOUNTS = { severity: 'medium', confidence: 0.5 } as const;

/** A role whose owner may take on every other role. */
export const escalationVerbsGranted = callRule({
  id: 'escalation-verbs-granted',
  title: 'Role with the verb escalate, bind or impersonate',
  sees: `A Role or ClusterRole that is written with one of the verbs ${VERBS.join(', ')}; with every verb on roles, users or groups (0.60), or on service accounts (medium 0.50).`,
  why: 'With escalate or bind, the holder can take any role; with impersonate, any identity.',
  technique: [{ id: 'T1098.006', name: 'Account Manipulation: Additional Container Cluster Roles' }],
  severity: 'high',
  confidence: 0.75,
  family: 'rbac',
  falsePositives: ['Rancher, Cluster API, Argo CD and other tools that manage rights'],
  calls: ROLE_WRITES,
  example: 'kubectl create clusterrole x --verb=escalate --resource=clusterroles',
  match: (signal) => {
    const role = roleOf(signal);
    if (role === undefined) return undefined;
    const sentence = (verbs: string, on: readonly string[]): string[] => [
      `${shownDeed(signal, 'wrote', 'write')}, which allows to ${verbs} ${quote(on.slice(0, 5).join(', '), 253)}`,
    ];
    const right = role.rights.find(({ verbs }) => verbs.some((verb) => VERBS.includes(verb)));
    if (right !== undefined)
      return { because: sentence(right.verbs.filter((verb) => VERBS.includes(verb)).join(', '), right.resources) };
    const every = role.rights.filter(({ verbs }) => verbs.includes('*'));
    const [over, accounts] = [every.flatMap(everyVerbOn), every.flatMap(accountsIn)];
    if (over.length > 0) return { because: sentence('do everything with', over), ...BY_WILDCARD };
    return accounts.length === 0
      ? undefined
      : { because: sentence('do everything with, and so to impersonate,', accounts), ...OVER_ACCOUNTS };
  },
});

const everyVerbOn = (right: Right): string[] => [
  ...(hasGroup(right, RBAC) ? resourcesIn(right, RIGHTS) : []),
  ...(hasGroup(right, '') ? resourcesIn(right, PEOPLE) : []),
];

const accountsIn = (right: Right): string[] => (hasGroup(right, '') ? resourcesIn(right, ACCOUNTS) : []);
