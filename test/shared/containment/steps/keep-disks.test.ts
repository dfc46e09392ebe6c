import { keepDisks } from '../../../../shared/containment/steps/keep-disks.ts';
import { stepContract } from '../../../contracts/step.ts';
import { podNamed, subjectOf } from '../../../kit/containment.ts';
import { STRANGER } from '../../../kit/step.ts';

stepContract({
  step: keepDisks,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  unseen: { 'compute.disks.update': 'the real service asks for it on the disk, the simulated one does not' },
  stranger: (kit) => {
    for (const [url, instance] of kit.world.compute.state.instances)
      for (const disk of instance.disks)
        if (!disk.autoDelete) kit.world.compute.stranger.setDiskAutoDelete(url, disk.deviceName, true, STRANGER);
  },
});
