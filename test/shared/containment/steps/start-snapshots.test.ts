import { startSnapshots } from '../../../../shared/containment/steps/start-snapshots.ts';
import { stepContract } from '../../../contracts/step.ts';
import { podNamed, regionalSubject, subjectOf } from '../../../kit/containment.ts';

stepContract({
  step: startSnapshots,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [
    async (kit) => {
      // The call is accepted and its operation fails on quota. Only then does the step read the operation.
      const method = 'Snapshots.Insert';
      kit.world.compute.script({ method, kind: 'fail-operation', code: 'QUOTA_EXCEEDED', status: 429 });
      return regionalSubject(kit);
    },
  ],
  stranger: (kit) => {
    for (const url of kit.world.compute.state.snapshots.keys()) kit.world.compute.stranger.endSnapshot(url, 'FAILED');
  },
});
