import { strict as assert } from 'node:assert';
import { ROOT } from '../../../../local/world/compute/state.ts';
import { SHOP_NETWORK } from '../../../../local/world/seed.ts';
import { firewallResource } from '../../../../shared/adapters/compute-firewalls.ts';
import { quarantineRules } from '../../../../shared/containment/quarantine-rules.ts';
import { denyNodeNetwork } from '../../../../shared/containment/steps/deny-node-network.ts';
import { stepContract } from '../../../contracts/step.ts';
import { CONTAIN, containmentKit, openIncident, podNamed, subjectOf, vmOf } from '../../../kit/containment.ts';
import { addNetworkPolicy, carry, releaseStep, STEP_INCIDENT, STRANGER } from '../../../kit/step.ts';

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

  for (const [reason, status, expected] of [
    ['forbidden', 403, 'pending'],
    ['quotaExceeded', 403, 'pending'],
    ['invalid', 400, 'applied'],
  ] as const)
    it(`cuts a node off from the network whose rules exist, where those of another are refused as ${reason}`, async () => {
      const kit = containmentKit();
      const { compute } = kit.world;
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      const extra = 'projects/host-1/global/networks/extra';
      compute.addNetwork({ project: 'host-1', name: 'extra' });
      const [nic] = vmOf(kit, subject.host)?.networkInterfaces ?? [];
      assert.ok(nic);
      vmOf(kit, subject.host)?.networkInterfaces.push({
        ...nic,
        name: 'nic1',
        network: ROOT + extra,
        accessConfigs: [],
      });
      for (const rule of quarantineRules(SHOP_NETWORK))
        compute.stranger.addFirewall({ project: 'p1', ...firewallResource(rule) });
      compute.script({ method: 'Firewalls.Insert', kind: 'refuse', status, reason, times: 1_000_000 });
      await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
      const [carried] = await carry(kit, denyNodeNetwork, undefined, 5);
      assert.equal(vmOf(kit, subject.host)?.tags.items?.includes('firebreak-quarantine'), true);
      assert.equal(carried?.entry.state, expected, carried?.entry.because);
      assert.match(carried.entry.because ?? '', new RegExp(`rule firebreak-extra-.*${reason}`));
      compute.state.scripts = [];
      const [later] = await carry(kit, denyNodeNetwork);
      assert.equal(later?.entry.state, 'applied', later?.entry.because);
      assert.equal(later.entry.proof, expected === 'pending' ? 'proven' : 'not proven', later.entry.because);
      await releaseStep(kit, denyNodeNetwork);
      assert.equal(vmOf(kit, subject.host)?.tags.items?.includes('firebreak-quarantine'), false);
    });
});
