import { cordonNode } from '../../../../shared/containment/steps/cordon-node.ts';
import { drainNode } from '../../../../shared/containment/steps/drain-node.ts';
import { stepContract } from '../../../contracts/step.ts';
import { podNamed, subjectOf } from '../../../kit/containment.ts';

stepContract({
  step: drainNode,
  first: [cordonNode],
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  stranger: { because: 'an evicted pod is gone; new ones on the node are judged like the others' },
});
