import { quote } from '../../text.ts';
import { BINDING_WRITES, bindingOf } from '../binding.ts';
import { callRule } from '../call-rule.ts';
import { shownCaller } from '../claim.ts';
import { makes } from '../makes.ts';

/** A service account, or the group of all of a namespace or of the cluster. */
const ACCOUNT = /^system:serviceaccount(?:s$|s?:)/;

/** A service account was given a role. */
export const serviceAccountBinding = callRule({
  id: 'service-account-binding',
  title: 'Role given to a service account',
  sees: 'A new binding with a service account, or with all of a namespace or of the cluster, among its subjects.',
  why: 'Whoever has the token of a service account, or can create pods in its namespace, has its rights.',
  technique: [{ id: 'T1098.006', name: 'Account Manipulation: Additional Container Cluster Roles' }],
  severity: 'low',
  confidence: 0.35,
  family: 'rbac',
  falsePositives: ['Installation of nearly anything'],
  calls: [BINDING_WRITES],
  example: 'kubectl create rolebinding -n shop cart --role=reader --serviceaccount=shop:cart',
  match: (signal) => {
    const binding = makes(signal) ? bindingOf(signal) : undefined;
    const accounts = (binding?.subjects ?? []).filter((name) => ACCOUNT.test(name));
    if (binding?.role === undefined || accounts.length === 0) return undefined;
    const shown = accounts.slice(0, 5).map((name) => quote(name.replace(/^system:serviceaccount:/, ''), 320));
    const did = signal.outcome === 'ok' ? 'gave' : 'tried to give';
    return { because: [`${shownCaller(signal)} ${did} the role ${quote(binding.role, 253)} to ${shown.join(', ')}`] };
  },
});
