import { at, text } from '../../kubernetes/loose.ts';
import { isSystemNamespace } from '../../kubernetes/namespaces.ts';
import { callRule } from '../call-rule.ts';
import { WRITES } from '../calls.ts';
import { shownDeed } from '../claim.ts';
import { makes } from '../makes.ts';

/** Somebody made a namespace that looks like one of GKE. */
export const systemNamespaceCreated = callRule({
  id: 'system-namespace-created',
  title: 'Namespace named like one of GKE created',
  sees: 'A namespace whose name begins with gke- or gmp-, or is that of a namespace of Kubernetes, created by anyone but the components of the cluster.',
  why: 'Everybody who may create namespaces may choose such a name. What runs there passes for a part of the cluster: rules expect its accounts to do more, and policies protect it from being stopped.',
  technique: [
    { id: 'T1036.005', name: 'Masquerading: Match Legitimate Resource Name or Location' },
    { id: 'T1610', name: 'Deploy Container' },
  ],
  severity: 'high',
  confidence: 0.6,
  family: 'identity',
  falsePositives: ['Registration of a cluster in a fleet, which creates gke-connect'],
  calls: [{ resources: ['core/namespaces'], verbs: WRITES }],
  example: 'kubectl create namespace gke-managed-metrics',
  match: (signal) => {
    const { call, principalClass, request, response } = signal;
    const name = call.name ?? text(at(response, 'metadata', 'name')) ?? text(at(request, 'metadata', 'name')) ?? '';
    if (principalClass === 'system' || !isSystemNamespace(name) || !makes(signal)) return undefined;
    return { because: [shownDeed(signal, 'created', 'create')] };
  },
});
