import { isSystemNamespace } from '../../kubernetes/namespaces.ts';
import { callRule } from '../call-rule.ts';
import { WRITES } from '../calls.ts';
import { shownDeed } from '../claim.ts';
import { makes } from '../makes.ts';

/** Somebody created a service account among those of the cluster itself. */
export const systemServiceAccountCreated = callRule({
  id: 'system-service-account-created',
  title: 'Service account created in a system namespace',
  sees: 'A service account that is created in a namespace of Kubernetes or GKE, by anyone but the system components of the cluster.',
  why: 'Nobody notices one more account among dozens of system accounts, and many rules exempt those.',
  technique: [
    { id: 'T1136', name: 'Create Account' },
    { id: 'T1078', name: 'Valid Accounts' },
  ],
  severity: 'medium',
  confidence: 0.6,
  family: 'identity',
  falsePositives: ['Add-ons installed in kube-system'],
  calls: [{ resources: ['core/serviceaccounts'], verbs: WRITES }],
  example: 'kubectl create serviceaccount -n kube-system helper',
  match: (signal) => {
    if (!isSystemNamespace(signal.call.namespace ?? '') || !makes(signal)) return undefined;
    return { because: [shownDeed(signal, 'created', 'create')] };
  },
});
