import { adminRule } from '../admin-rule.ts';
import { newGrantsIn, shownGrants } from '../grants.ts';
import { isGoogleAgent, nameOf } from '../members.ts';

const ROLES =
  /^roles\/(owner|editor|container\.(admin|clusterAdmin)|iam\.(securityAdmin|roleAdmin|organizationRoleAdmin|serviceAccountAdmin|workloadIdentityPoolAdmin)|resourcemanager\.(projectIamAdmin|folderIamAdmin|folderAdmin|organizationAdmin)|compute\.(admin|instanceAdmin(\.v1)?|securityAdmin)|deploymentmanager\.editor)$/;

/** Somebody was given a role through which they can obtain everything else. */
export const privilegedRoleGranted = adminRule({
  id: 'privileged-role-granted',
  title: 'Privileged role granted',
  sees: 'A change of an access policy that gives owner, editor, or an administrator role over clusters, machines or access itself, to anyone but a service of Google.',
  why: 'Each of these roles leads to every other right of the project, and to its clusters.',
  technique: [{ id: 'T1098.003', name: 'Account Manipulation: Additional Cloud Roles' }],
  severity: 'high',
  confidence: 0.7,
  family: 'rbac',
  falsePositives: ['Bootstrapping of a project', 'Infrastructure code'],
  services: ['cloudresourcemanager.googleapis.com', 'iam.googleapis.com'],
  methods: 'SetIamPolicy',
  example: 'gcloud projects add-iam-policy-binding p1 --member=user:ben@example.com --role=roles/owner',
  match: (signal) => {
    const found = newGrantsIn(signal).filter(({ role, member }) => ROLES.test(role) && !isGoogleAgent(nameOf(member)));
    return found.length === 0 ? undefined : { because: [shownGrants(signal, found)] };
  },
});
