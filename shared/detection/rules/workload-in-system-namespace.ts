import { callRule } from '../call-rule.ts';
import { aboutCall, shownDeed } from '../claim.ts';
import { POD_WRITES, writtenPodsOf } from '../written-pods.ts';

/** Namespaces in which nothing runs, not even for a controller. */
const EMPTY = ['kube-public', 'kube-node-lease'];
const NAMESPACES = ['kube-system', ...EMPTY];

/** Somebody who is not part of the cluster's machinery wrote a workload among its parts. */
export const workloadInSystemNamespace = callRule({
  id: 'workload-in-system-namespace',
  title: 'Workload created or changed in a system namespace',
  sees: 'A pod, or a pod template, written in kube-system by anyone but the system components of the cluster, or created in kube-public or kube-node-lease by anyone at all.',
  why: 'A workload there is hidden among the components of the cluster, and can use the service accounts of that namespace.',
  technique: [
    { id: 'T1610', name: 'Deploy Container' },
    { id: 'T1036.005', name: 'Masquerading: Match Legitimate Resource Name or Location' },
  ],
  severity: 'medium',
  confidence: 0.55,
  family: 'spec',
  falsePositives: ['Add-ons installed in kube-system, for example by Helm'],
  calls: [
    ...POD_WRITES,
    ...EMPTY.map((namespace) => ({
      resources: ['core/pods'],
      verbs: ['create'],
      namespace,
      expected: 'everywhere' as const,
    })),
  ],
  example: 'kubectl run -n kube-system helper --image=busybox',
  match: (signal) => {
    const { call } = signal;
    const namespace = call.namespace ?? '';
    if (!NAMESPACES.includes(namespace) || call.subresource !== undefined) return undefined;
    const written = writtenPodsOf(signal);
    if (written !== undefined) {
      const { sentence, ...about } = written.tell();
      return { because: [sentence], ...about };
    }
    if (!EMPTY.includes(namespace) || call.verb !== 'create') return undefined;
    return {
      ...aboutCall(signal),
      because: [shownDeed(signal, 'created', 'create'), 'no workload ever runs in this namespace'],
    };
  },
});
