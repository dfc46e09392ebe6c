import { podRule, sightingFor } from '../pod-rule.ts';

/** A workload that shares memory with processes of its node. */
export const hostIpc = podRule({
  id: 'host-ipc',
  title: 'Pod shares the IPC namespace of its node',
  sees: 'A pod, or a pod template, with hostIPC.',
  why: 'It can access the shared memory and semaphores of every process on the node, and hardly any program needs that.',
  technique: [{ id: 'T1611', name: 'Escape to Host' }],
  severity: 'medium',
  confidence: 0.65,
  family: 'spec',
  falsePositives: ['Debugging of a node', 'Some databases and GPU programs'],
  example: 'a pod with hostIPC: true',
  look: (spec) => sightingFor(spec.hostIPC ? ['its containers share memory with processes of the node (hostIPC)'] : []),
});
