import { podRule, sightingFor } from '../pod-rule.ts';

/** A workload that sees the processes of its node. */
export const hostPid = podRule({
  id: 'host-pid',
  title: 'Process namespace of the node shared',
  sees: 'A pod, or a template of pods, with hostPID.',
  why: 'Its containers see, and as root enter, every process of the node: environments, open files and mounts of other pods are theirs.',
  technique: [{ id: 'T1611', name: 'Escape to Host' }],
  severity: 'high',
  confidence: 0.75,
  family: 'spec',
  falsePositives: ['Node exporters', 'Security agents such as Falco'],
  example: 'kubectl debug node/NODE, or any pod with hostPID: true',
  look: (spec) => sightingFor(spec.hostPID ? ['its containers see the processes of the node (hostPID)'] : []),
});
