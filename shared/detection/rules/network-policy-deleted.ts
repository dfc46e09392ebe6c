import { callRule } from '../call-rule.ts';
import { REMOVALS } from '../calls.ts';
import { shownCall } from '../claim.ts';

const RESOURCES = [
  'networking.k8s.io/networkpolicies',
  'cilium.io/ciliumnetworkpolicies',
  'cilium.io/ciliumclusterwidenetworkpolicies',
  'policy.networking.k8s.io/adminnetworkpolicies',
  'policy.networking.k8s.io/baselineadminnetworkpolicies',
  // The newer versions of the API have this one in place of both.
  'policy.networking.k8s.io/clusternetworkpolicies',
  'networking.gke.io/fqdnnetworkpolicies',
];

/** Somebody deleted a policy that separated pods. */
export const networkPolicyDeleted = callRule({
  id: 'network-policy-deleted',
  title: 'NetworkPolicy deleted',
  sees: 'A deletion of a NetworkPolicy, or of a Cilium, admin, cluster or FQDN network policy, by anyone but the system components of the cluster.',
  why: 'Pods can now reach what the policy blocked.',
  technique: [{ id: 'T1562.007', name: 'Impair Defenses: Disable or Modify Cloud Firewall' }],
  severity: 'medium',
  confidence: 0.55,
  family: 'network',
  falsePositives: ['Migrations', 'Removal of an application with its policies'],
  calls: [{ resources: RESOURCES, verbs: REMOVALS }],
  example: 'kubectl delete networkpolicy -n shop default-deny',
  match: (signal) => ({ because: [shownCall(signal)] }),
});
