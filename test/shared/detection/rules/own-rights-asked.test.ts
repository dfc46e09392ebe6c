import { ownRightsAsked } from '../../../../shared/detection/rules/own-rights-asked.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'create',
  group: 'authorization.k8s.io',
  resource: 'selfsubjectaccessreviews',
  principal: 'system:serviceaccount:shop:cart',
};

describe('rule own-rights-asked', () => {
  ruleCases(ownRightsAsked, BASE, {
    fires: [
      ['all rights', { resource: 'selfsubjectrulesreviews' }],
      ['by a node', { principal: 'system:node:gke-c1-pool-1-0001' }],
    ],
    misses: [
      ['by a person', { principal: 'ana@example.com' }],
      ['of another', { resource: 'subjectaccessreviews' }],
      ['by the machinery', { principal: 'system:serviceaccount:kube-system:namespace-controller' }],
    ],
  });
});
