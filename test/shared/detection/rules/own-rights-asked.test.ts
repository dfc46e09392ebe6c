import { ownRightsAsked } from '../../../../shared/detection/rules/own-rights-asked.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'create',
  group: 'authorization.k8s.io',
  resource: 'selfsubjectrulesreviews',
  principal: 'system:serviceaccount:shop:cart',
};

describe('rule own-rights-asked', () => {
  ruleCases(ownRightsAsked, BASE, {
    fires: [
      ['one right', { resource: 'selfsubjectaccessreviews' }],
      ['by a node', { principal: 'system:node:gke-c1-pool-1-9d8e7f6a-c1' }],
      ['refused', { code: 7 }, { confidence: 0.3 }],
    ],
    misses: [
      ['by a person', { principal: 'ana@example.com' }],
      ['by the machinery', { principal: 'system:serviceaccount:kube-system:metrics-server' }],
      ['about somebody else', { resource: 'subjectaccessreviews' }],
    ],
  });
});
