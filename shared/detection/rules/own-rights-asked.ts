import { callRule } from '../call-rule.ts';
import { shownCaller } from '../claim.ts';
import { inGroup, OWN_RIGHTS } from '../resources.ts';

/** A workload or a node asked what it may do. */
export const ownRightsAsked = callRule({
  id: 'own-rights-asked',
  title: 'Workload or node queried its own rights',
  sees: 'A SelfSubjectAccessReview or SelfSubjectRulesReview by a service account that is not a system component of the cluster, or by a node.',
  why: 'A program knows what it may do; somebody who has just stolen its token has to ask.',
  technique: [
    { id: 'T1069', name: 'Permission Groups Discovery' },
    { id: 'T1613', name: 'Container and Resource Discovery' },
  ],
  severity: 'low',
  confidence: 0.4,
  family: 'identity',
  falsePositives: ['Argo Workflows, Kubecost and other tools that adapt to their rights'],
  calls: [
    {
      resources: inGroup('authorization.k8s.io', ...OWN_RIGHTS),
      verbs: ['create'],
    },
  ],
  example: 'kubectl auth can-i --list, with the token of a pod',
  match: (signal) => {
    const { principal = '', principalClass } = signal;
    const asks = principalClass === 'workload' || principal.startsWith('system:node:');
    return asks ? { because: [`${shownCaller(signal)} asked what it may do`] } : undefined;
  },
});
