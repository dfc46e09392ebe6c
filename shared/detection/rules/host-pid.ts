import { podRule, sightingFor } from '../pod-rule.ts';

/** A workload that sees the processes of its node. */
export const hostPid = podRule({
  id: 'host-pid',
  title: 'Pod shares the PID namespace of its node',
  sees: 'A pod, or a pod template, with hostPID.',
  why: 'Its containers see every process of the node, and as root enter them: environments, open files and mounts of other pods.',
  technique: [{ id: 'T1611', name: 'Escape to Host' }],
  severity: 'high',
  // With an exec (0.60) and an alert that retells it (0.15), a new node agent that somebody debugs stays below 0.90.
  confidence: 0.7,
  family: 'spec',
  falsePositives: ['Node exporters', 'Security agents such as Falco'],
  example: 'kubectl debug node/NODE, or any pod with hostPID: true',
  look: (spec) => sightingFor(spec.hostPID ? ['its containers see the processes of the node (hostPID)'] : []),
});
