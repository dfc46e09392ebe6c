import { podRule, sightingFor } from '../pod-rule.ts';

/** A workload with the network of its node. */
export const hostNetwork = podRule({
  id: 'host-network',
  title: 'Pod uses the host network',
  sees: 'A pod, or a pod template, with hostNetwork.',
  why: 'It reaches services that listen only on the node, such as the metadata server with the identity of the node. It sees the traffic of the node, and no NetworkPolicy applies to it.',
  technique: [
    { id: 'T1611', name: 'Escape to Host' },
    { id: 'T1557', name: 'Adversary-in-the-Middle' },
  ],
  severity: 'medium',
  confidence: 0.45,
  family: 'spec',
  falsePositives: ['Network drivers', 'Ingress controllers', 'Monitoring agents'],
  example: 'a pod with hostNetwork: true',
  look: (spec) => sightingFor(spec.hostNetwork ? ['it uses the network of the node (hostNetwork)'] : []),
});
