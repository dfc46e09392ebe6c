import { callRule } from '../call-rule.ts';
import { WRITES } from '../calls.ts';
import { shownCall } from '../claim.ts';

/** Somebody may have redirected the names that the cluster resolves. */
export const clusterDnsChanged = callRule({
  id: 'cluster-dns-changed',
  title: 'Cluster DNS changed',
  sees: 'Settings of kube-dns, CoreDNS or the DNS cache of the nodes that are written or deleted, by anyone but the system components of the cluster. The log does not show what was changed.',
  why: 'Whoever controls the DNS answer for a name receives what any pod sends to that name, passwords included.',
  technique: [
    { id: 'T1557', name: 'Adversary-in-the-Middle' },
    { id: 'T1565.001', name: 'Data Manipulation: Stored Data Manipulation' },
  ],
  severity: 'high',
  confidence: 0.7,
  family: 'network',
  falsePositives: ['Stub domains and upstream servers set as documented'],
  calls: [
    {
      resources: ['core/configmaps'],
      verbs: [...WRITES, 'delete'],
      namespace: 'kube-system',
      names: ['kube-dns', 'coredns*', 'node-local-dns*'],
    },
    // Such a call names no object: the settings of the DNS are among those that it deletes.
    { resources: ['core/configmaps'], verbs: ['deletecollection'], namespace: 'kube-system' },
  ],
  example: 'kubectl edit configmap -n kube-system kube-dns',
  evident: true,
  match: (signal) => ({ because: [shownCall(signal)] }),
});
