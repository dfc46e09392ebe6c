import { podRule, sightingFor } from '../pod-rule.ts';

/** A pod whose containers see each other's processes. */
export const sharedProcessNamespace = podRule({
  id: 'shared-process-namespace',
  title: 'Process namespace shared within a pod',
  sees: 'A pod, or a pod template, with shareProcessNamespace.',
  why: 'A container that was added or compromised can read the environments and files of the other containers.',
  technique: [{ id: 'T1611', name: 'Escape to Host' }],
  severity: 'low',
  confidence: 0.4,
  family: 'spec',
  falsePositives: ['Sidecars that send signals to their main container', 'Debugging'],
  example: 'a pod with shareProcessNamespace: true',
  look: (spec) =>
    sightingFor(
      spec.shareProcessNamespace ? ["its containers see each other's processes (shareProcessNamespace)"] : [],
    ),
});
