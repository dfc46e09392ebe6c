import { leaveGroup } from '../../../../shared/containment/steps/leave-group.ts';
import { stepContract } from '../../../contracts/step.ts';
import { podNamed, regionalSubject, subjectOf } from '../../../kit/containment.ts';

stepContract({
  step: leaveGroup,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [regionalSubject],
  stranger: { because: 'a VM that has left its group cannot be put back' },
});
