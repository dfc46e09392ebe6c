import { snapshotsReady } from '../../../../shared/containment/steps/snapshots-ready.ts';
import { startSnapshots } from '../../../../shared/containment/steps/start-snapshots.ts';
import { stepContract } from '../../../contracts/step.ts';
import { podNamed, subjectOf } from '../../../kit/containment.ts';

stepContract({
  step: snapshotsReady,
  first: [startSnapshots],
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  stranger: (kit) => {
    for (const url of kit.world.compute.state.snapshots.keys()) kit.world.compute.stranger.endSnapshot(url, 'FAILED');
  },
});
