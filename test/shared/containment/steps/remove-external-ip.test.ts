import { partial } from '../../../../local/world/compute/state.ts';
import { removeExternalIp } from '../../../../shared/containment/steps/remove-external-ip.ts';
import { stepContract } from '../../../contracts/step.ts';
import { podNamed, subjectOf } from '../../../kit/containment.ts';
import { STRANGER } from '../../../kit/step.ts';

stepContract({
  step: removeExternalIp,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  stranger: async (kit) => {
    for (const instance of kit.world.compute.state.instances.values())
      if ((instance.networkInterfaces[0]?.accessConfigs ?? []).length === 0) {
        const [, project, , zone] = partial(instance.selfLink).split('/');
        kit.world.compute.call(STRANGER, 'Instances.AddAccessConfig', {
          project,
          zone,
          instance: instance.name,
          networkInterface: 'nic0',
          accessConfigResource: { name: 'External NAT', type: 'ONE_TO_ONE_NAT' },
        });
      }
    await kit.clock.advance(5_000);
    kit.world.settle();
  },
});
