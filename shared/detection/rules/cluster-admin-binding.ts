import { quote } from '../../text.ts';
import { isAllowedPair } from '../allowed-pairs.ts';
import { BINDING_WRITES, bindingOf } from '../binding.ts';
import { callRule } from '../call-rule.ts';
import { shownCaller } from '../claim.ts';

/**
 * Roles meant for one namespace of users, which such a binding grants in all of them, or over the accounts of the
 * system.
 */
const MOST = ['admin', 'edit'];
const HIGH = { severity: 'high', confidence: 0.75, conclusive: false } as const;

/** Somebody became administrator of a cluster, or callers without a credential got a role. */
export const clusterAdminBinding = callRule({
  id: 'cluster-admin-binding',
  title: 'Binding to cluster-admin, or to everyone',
  sees: 'A ClusterRoleBinding (or, in a system namespace, a RoleBinding) to cluster-admin, or to a role of the control plane that leads to it, written by anyone but the control plane; a binding to admin or edit in all namespaces or in a system namespace (medium 0.50); and any binding whose subjects are anonymous callers, or everyone with a Google account.',
  why: 'cluster-admin grants every right in the cluster. What system:anonymous may do, the whole internet may do; system:authenticated includes every Google account.',
  technique: [{ id: 'T1098.006', name: 'Account Manipulation: Additional Container Cluster Roles' }],
  severity: 'critical',
  confidence: 0.95,
  family: 'rbac',
  conclusive: true,
  falsePositives: ['Bootstrapping of a platform', 'Helm charts that ask for cluster-admin'],
  // No principal is expected to let in callers without a credential.
  calls: [{ ...BINDING_WRITES, expected: 'everywhere' }],
  example: 'kubectl create clusterrolebinding ops --clusterrole=cluster-admin --user=ana@example.com',
  match: (signal) => {
    const binding = bindingOf(signal);
    if (binding === undefined || (binding.reach !== 'anonymous' && isAllowedPair(signal))) return undefined;
    const { role, admin, wide, reach } = binding;
    const tried = signal.outcome === 'ok' ? 'bound' : 'tried to bind';
    const to = binding.subjects.slice(0, 5).map((name) => quote(name, 254));
    const what = role === undefined ? 'a role that the log entry does not show' : `the role ${quote(role, 253)}`;
    const sentence = `${shownCaller(signal)} ${tried} ${what} to ${to.join(', ') || 'subjects that the log entry does not show'}`;
    if (reach === 'anonymous') return { because: [sentence, 'callers without any credential now have this role'] };
    if (reach === 'everybody' && admin)
      return { because: [sentence, 'every Google account is now administrator of the cluster'] };
    if (reach === 'everybody') return { because: [sentence, 'every Google account now has this role'], ...HIGH };
    if (admin) return { because: [sentence], ...HIGH };
    if (!MOST.includes(role ?? '') || !wide) return undefined;
    const where = signal.call.resource === 'clusterrolebindings' ? 'every namespace' : 'a system namespace';
    const reads = `the role can read the secrets of ${where}, and run commands in each of its pods`;
    return { because: [sentence, reads], severity: 'medium', confidence: 0.5, conclusive: false };
  },
});
