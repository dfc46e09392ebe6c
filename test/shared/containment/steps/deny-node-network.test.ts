import { denyNodeNetwork } from '../../../../shared/containment/steps/deny-node-network.ts';
import { stepContract } from '../../../contracts/step.ts';
import { podNamed, subjectOf } from '../../../kit/containment.ts';
import { STRANGER } from '../../../kit/step.ts';

stepContract({
  step: denyNodeNetwork,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  stranger: (kit) => {
    for (const [url, instance] of kit.world.compute.state.instances)
      if (instance.tags.items?.includes('firebreak-quarantine') === true)
        kit.world.compute.stranger.setTags(url, ['gke-c1-node'], STRANGER);
  },
  leaves: { path: /^firewalls /, because: 'the deny rules concern nothing without the tag, and Terraform owns them' },
});
