import { attachForensics } from '../../../../shared/containment/steps/attach-forensics.ts';
import { stepContract } from '../../../contracts/step.ts';
import { podNamed, subjectOf } from '../../../kit/containment.ts';

stepContract({
  step: attachForensics,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  stranger: { because: 'the API lets nobody take an ephemeral container away' },
});
