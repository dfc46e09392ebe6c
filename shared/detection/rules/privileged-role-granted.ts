import { quote } from '../../text.ts';
import { adminRule } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';
import { grantsIn, isGoogleAgent, nameOf } from '../members.ts';

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
    // Without a delta only the whole policy is known, and most of its grants are old.
    const grants = signal.policyDelta === undefined ? [] : grantsIn(signal);
    const found = grants.filter(({ role, member }) => ROLES.test(role) && !isGoogleAgent(nameOf(member)));
    if (found.length === 0) return undefined;
    const shown = found.slice(0, 5).map(({ role, member }) => `${quote(role, 100)} to ${quote(member)}`);
    return { because: [`${shownCaller(signal)} gave ${shown.join(', ')} on ${quote(signal.resourceName ?? '')}`] };
  },
});
