import { callRule } from '../call-rule.ts';
import { WRITES } from '../calls.ts';
import { aboutCall, shownDeed } from '../claim.ts';
import { makes } from '../makes.ts';

/** A new workload that will run on every node. */
export const newDaemonset = callRule({
  id: 'new-daemonset',
  title: 'DaemonSet created',
  sees: 'A new DaemonSet, created by anyone but the system components of the cluster.',
  why: 'It runs on every node, including nodes added later: the shortest way to control a whole cluster, and to stay there.',
  technique: [
    { id: 'T1610', name: 'Deploy Container' },
    { id: 'T1543.005', name: 'Create or Modify System Process: Container Service' },
  ],
  severity: 'medium',
  confidence: 0.45,
  family: 'spec',
  falsePositives: ['Installation of agents'],
  calls: [{ resources: ['apps/daemonsets', 'extensions/daemonsets'], verbs: WRITES }],
  example: 'kubectl apply of a new DaemonSet',
  match: (signal) => {
    if (!makes(signal)) return undefined;
    return { ...aboutCall(signal), because: [shownDeed(signal, 'created', 'create')] };
  },
});
