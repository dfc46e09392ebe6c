import { strict as assert } from 'node:assert';
import { denyNodeNetwork } from '../../../../shared/containment/steps/deny-node-network.ts';
import { stepContract } from '../../../contracts/step.ts';
import { CONTAIN, containmentKit, openIncident, podNamed, subjectOf } from '../../../kit/containment.ts';
import { addNetworkPolicy, carry, STEP_INCIDENT, STRANGER } from '../../../kit/step.ts';

stepContract({
  step: denyNodeNetwork,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [
    async (kit) => {
      addNetworkPolicy(kit);
      return [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))];
    },
  ],
  stranger: (kit) => {
    for (const [url, instance] of kit.world.compute.state.instances)
      if (instance.tags.items?.includes('firebreak-quarantine') === true)
        kit.world.compute.stranger.setTags(url, ['gke-c1-node'], STRANGER);
  },
  leaves: { path: /^firewalls /, because: 'the deny rules concern nothing without the tag, and Terraform owns them' },
});

describe('containment/steps/deny-node-network', () => {
  for (const [order, proof] of [
    ['AFTER', 'proven'],
    ['BEFORE', 'not proven'],
  ] as const)
    it(`is ${proof} under a network policy evaluated ${order} the VPC rules, with only the rights that it declares`, async () => {
      const kit = containmentKit();
      addNetworkPolicy(kit, order);
      kit.world.compute.grant(CONTAIN, denyNodeNetwork.permissions.iam);
      await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
      const [carried] = await carry(kit, denyNodeNetwork);
      assert.equal(carried?.entry.proof, proof, carried?.entry.because);
    });
});
