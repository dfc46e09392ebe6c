import { quote } from '../../text.ts';
import { podRule, sightingFor } from '../pod-rule.ts';

/** A workload whose containers are, in effect, root on their node. */
export const privilegedWorkload = podRule({
  id: 'privileged-workload',
  title: 'Privileged workload',
  sees: 'A pod, or a controller whose template makes pods, written with a privileged container. A pod that a controller makes in a namespace of users is counted for its owner, at medium and 0.50 (0.40 for a DaemonSet, of which every new node gets one), since who wrote the template is not in that event.',
  why: 'A privileged container reads and changes everything on its node: other pods, their secrets, the kubelet.',
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
    sightingFor(
      containers.filter((c) => c.privileged).map((c) => `container ${quote(c.name || '(unnamed)', 63)} is privileged`),
    ),
});
