import { adminRule } from '../admin-rule.ts';
import { newGrantsIn, shownGrants } from '../grants.ts';
import { isGoogleAgent, nameOf } from '../members.ts';

const ROLES =
  /^roles\/iam\.(serviceAccount(TokenCreator|User|KeyAdmin|OpenIdTokenCreator|Admin)|workloadIdentityUser)$/;
const WORKLOAD = 'roles/iam.workloadIdentityUser';

/** Somebody was given the right to act as a service account. */
export const impersonationRoleGranted = adminRule({
  id: 'impersonation-role-granted',
  title: 'Right to impersonate a service account granted',
  sees: 'A change of an access policy that lets a principal make tokens or keys of a service account, or run machines as it. The role by which cluster workloads take on an identity counts as low.',
  why: 'It gives access to rights that no list of roles shows, and it is a way back in.',
  technique: [{ id: 'T1098.003', name: 'Account Manipulation: Additional Cloud Roles' }],
  severity: 'high',
  confidence: 0.65,
  family: 'rbac',
  falsePositives: ['Set-up of pipelines', 'Workload identity bindings'],
  services: ['iam.googleapis.com', 'cloudresourcemanager.googleapis.com'],
  methods: 'SetIamPolicy',
  example:
    'gcloud iam service-accounts add-iam-policy-binding deploy@p1.iam.gserviceaccount.com --role=roles/iam.serviceAccountTokenCreator --member=user:ben@example.com',
  match: (signal) => {
    const found = newGrantsIn(signal).filter(({ role, member }) => ROLES.test(role) && !isGoogleAgent(nameOf(member)));
    if (found.length === 0) return undefined;
    const because = [shownGrants(signal, found)];
    return found.every(({ role }) => role === WORKLOAD) ? { because, severity: 'low', confidence: 0.35 } : { because };
  },
});
