import { deletePod } from '../../../../shared/containment/steps/delete-pod.ts';
import { stepContract } from '../../../contracts/step.ts';
import { podNamed, subjectOf } from '../../../kit/containment.ts';

stepContract({
  step: deletePod,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  stranger: { because: 'a deleted pod does not come back under its UID' },
});
