import { shownContainer } from '../claim.ts';
import { podRule, sightingFor } from '../pod-rule.ts';

/** A workload whose containers are, in effect, root on their node. */
export const privilegedWorkload = podRule({
  id: 'privileged-workload',
  title: 'Privileged workload',
  sees: 'A pod, or the pod template of a controller, written with a privileged container. A pod that a controller creates in a user namespace counts for its owner, as medium 0.50 (0.40 for a DaemonSet, which adds a pod to every new node), because that event does not show who wrote the template.',
  why: 'A privileged container can read and change everything on its node: other pods, their secrets, the kubelet.',
  technique: [
    { id: 'T1611', name: 'Escape to Host' },
    { id: 'T1610', name: 'Deploy Container' },
  ],
  severity: 'high',
  confidence: 0.7,
  family: 'spec',
  falsePositives: ['Security agents', 'Storage and network drivers', 'GPU drivers'],
  example: 'kubectl run debug -n shop --image=busybox --privileged',
  look: ({ containers }) =>
    sightingFor(containers.filter((c) => c.privileged).map((c) => `${shownContainer(c.name)} is privileged`)),
});
