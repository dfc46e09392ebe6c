import { leaveGroup } from '../../../../shared/containment/steps/leave-group.ts';
import { restoreGroupSize } from '../../../../shared/containment/steps/restore-group-size.ts';
import { stepContract } from '../../../contracts/step.ts';
import { podNamed, regionalSubject, subjectOf } from '../../../kit/containment.ts';
import { STRANGER } from '../../../kit/step.ts';

stepContract({
  step: restoreGroupSize,
  first: [leaveGroup],
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [regionalSubject],
  stranger: (kit) => {
    for (const [url, { raw }] of kit.world.compute.state.groups)
      kit.world.compute.stranger.resize(url, raw.targetSize - 1, STRANGER);
  },
  madeAgain: { state: 'skipped', because: 'no group lost that VM to us, so there is no size to restore' },
});
