import { openInvestigationAccess } from '../../../../shared/containment/steps/open-investigation-access.ts';
import { stepContract } from '../../../contracts/step.ts';
import { podNamed, subjectOf } from '../../../kit/containment.ts';
import { STRANGER } from '../../../kit/step.ts';

stepContract({
  step: openInvestigationAccess,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  stranger: (kit) => {
    for (const [url, instance] of kit.world.compute.state.instances)
      if (instance.tags.items?.includes('firebreak-investigate') === true)
        kit.world.compute.stranger.setTags(url, ['gke-c1-node'], STRANGER);
  },
});
