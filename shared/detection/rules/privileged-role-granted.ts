import { at, texts } from '../../kubernetes/loose.ts';
import type { AuditSignal } from '../../model/signal.ts';
import { quote } from '../../text.ts';
import { adminRule, verbOf } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';
import { newGrantsIn, shownGrants } from '../grants.ts';
import { isGoogleAgent, nameOf } from '../members.ts';
import type { Sighting } from '../rule.ts';

const ROLES =
  /^roles\/(owner|editor|admin|writer|container\.(admin|clusterAdmin)|iam\.(securityAdmin|roleAdmin|organizationRoleAdmin|serviceAccountAdmin|workloadIdentityPoolAdmin)|resourcemanager\.(projectIamAdmin|folderIamAdmin|folderAdmin|organizationAdmin)|compute\.(admin|instanceAdmin(\.v1)?|securityAdmin)|deploymentmanager\.editor)$/;

/** Rights by which their holder gets every other one: over access policies and roles, and credentials of accounts. */
const RIGHTS =
  /^(resourcemanager\.(projects|folders|organizations)\.setIamPolicy|iam\.(serviceAccounts\.(setIamPolicy|getAccessToken|implicitDelegation|signBlob|signJwt)|serviceAccountKeys\.create|roles\.update)|container\.(clusterRoles|roles)\.(bind|escalate))$/;
/** For a role of one's own, which nobody may have yet, by anyone and by infrastructure code. */
const DEFINED = 0.5;
const BY_AUTOMATION = 0.35;

/** Somebody was given a role through which they can obtain everything else. */
export const privilegedRoleGranted = adminRule({
  id: 'privileged-role-granted',
  title: 'Privileged role granted',
  sees: 'A change of an access policy that gives owner, editor, or an administrator role over clusters, machines or access itself, to anyone but a service of Google; and a custom role with a right to change access policies or roles, or to get credentials of service accounts (medium 0.50, or 0.35 by a service account): its name tells nobody what is granted later.',
  why: 'Each of these roles leads to every other right of the project, and to its clusters.',
  technique: [{ id: 'T1098.003', name: 'Account Manipulation: Additional Cloud Roles' }],
  severity: 'high',
  confidence: 0.7,
  family: 'rbac',
  falsePositives: ['Bootstrapping of a project', 'Infrastructure code'],
  services: ['cloudresourcemanager.googleapis.com', 'iam.googleapis.com'],
  methods: 'SetIamPolicy|(Create|Update)Role',
  example: 'gcloud projects add-iam-policy-binding p1 --member=user:ben@example.com --role=roles/owner',
  match: (signal) => {
    if (verbOf(signal) !== 'setiampolicy') return definedIn(signal);
    const found = newGrantsIn(signal).filter(({ role, member }) => ROLES.test(role) && !isGoogleAgent(nameOf(member)));
    return found.length === 0 ? undefined : { because: [shownGrants(signal, found)] };
  },
});

/** The entry shows all rights of a role that is changed, not the new ones. */
const definedIn = (signal: AuditSignal): Sighting | undefined => {
  const role = at(signal.request, 'role');
  const rights = [...texts(at(role, 'included_permissions')), ...texts(at(role, 'includedPermissions'))];
  const found = rights.filter((right) => RIGHTS.test(right)).slice(0, 5);
  if (found.length === 0) return undefined;
  const name = quote(signal.resourceName ?? 'a role', 200);
  return {
    because: [`${shownCaller(signal)} wrote ${name}, which has ${found.map((right) => quote(right, 100)).join(', ')}`],
    severity: 'medium',
    confidence: signal.principalClass === 'automation' ? BY_AUTOMATION : DEFINED,
  };
};
