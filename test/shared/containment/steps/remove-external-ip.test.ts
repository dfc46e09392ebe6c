import { strict as assert } from 'node:assert';
import { partial } from '../../../../local/world/compute/state.ts';
import { removeExternalIp } from '../../../../shared/containment/steps/remove-external-ip.ts';
import { stepContract } from '../../../contracts/step.ts';
import { containmentKit, openIncident, podNamed, subjectOf, vmOf } from '../../../kit/containment.ts';
import { carry, releaseStep, STEP_INCIDENT, STRANGER } from '../../../kit/step.ts';

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

/** A VM with addresses of both versions on its interface. */
const bothVersions = async () => {
  const kit = containmentKit();
  const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  const nic = vmOf(kit, subject.host)?.networkInterfaces[0];
  assert.ok(nic);
  nic.ipv6AccessConfigs = [
    {
      kind: 'compute#accessConfig',
      name: 'external-ipv6',
      type: 'DIRECT_IPV6',
      externalIpv6: '2001:db8:1::',
      externalIpv6PrefixLength: 80,
      networkTier: 'PREMIUM',
    },
  ];
  await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
  return { kit, nic };
};

describe('containment/steps/remove-external-ip', () => {
  it('gives back addresses of both IP versions as they were, the length of the IPv6 prefix included', async () => {
    const { kit, nic } = await bothVersions();
    const before = structuredClone([nic.accessConfigs, nic.ipv6AccessConfigs]);
    await carry(kit, removeExternalIp);
    assert.deepEqual([nic.accessConfigs, nic.ipv6AccessConfigs], [[], []]);
    const [entry] = await releaseStep(kit, removeExternalIp);
    assert.equal(entry?.state, 'undone', entry?.because);
    assert.deepEqual([nic.accessConfigs, nic.ipv6AccessConfigs], before);
  });

  it('removes the other address where one is refused, and names that one', async () => {
    const { kit, nic } = await bothVersions();
    const method = 'Instances.DeleteAccessConfig';
    kit.world.compute.script({ method, kind: 'refuse', status: 400, reason: 'invalid', message: 'not this one' });
    const [carried] = await carry(kit, removeExternalIp);
    assert.deepEqual(nic.ipv6AccessConfigs, []);
    assert.equal(nic.accessConfigs?.length, 1);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried.entry.because ?? '', /^remove nic0 External NAT: .*not this one$/);
  });

  it('is done where somebody else removes an address while the step waits for rights', async () => {
    const { kit, nic } = await bothVersions();
    const refusal = { kind: 'refuse', status: 403, reason: 'forbidden', times: 2 } as const;
    kit.world.compute.script({ ...refusal, method: 'Instances.DeleteAccessConfig' });
    await carry(kit, removeExternalIp, undefined, 1);
    nic.accessConfigs = [];
    const [carried] = await carry(kit, removeExternalIp);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven'], carried?.entry.because);
    assert.match(
      carried?.entry.because ?? '',
      /^removed 2001:db8:1:: on nic0; already gone when this step looked: [\d.]+ on nic0$/,
    );
  });

  it('gives a new address only in place of the one that cannot be had again, and names it', async () => {
    const { kit, nic } = await bothVersions();
    await carry(kit, removeExternalIp);
    const refusal = { kind: 'refuse', status: 400, reason: 'invalid', message: 'not available' } as const;
    kit.world.compute.script({ ...refusal, method: 'Instances.AddAccessConfig' });
    const [entry] = await releaseStep(kit, removeExternalIp);
    assert.equal(entry?.state, 'undone');
    assert.equal(entry.because, '203.0.113.10 on nic0 could not be assigned again: the VM has new addresses');
    assert.notEqual(nic.accessConfigs?.[0]?.natIP, '203.0.113.10');
    assert.equal(nic.ipv6AccessConfigs?.[0]?.externalIpv6, '2001:db8:1::');
  });

  it('says on a release which address the VM is still without, where the service does not find the VM, which is there', async () => {
    const { kit, nic } = await bothVersions();
    await carry(kit, removeExternalIp);
    const refusal = { kind: 'refuse', status: 404, reason: 'notFound' } as const;
    kit.world.compute.script({ ...refusal, method: 'Instances.AddAccessConfig' });
    const [entry] = await releaseStep(kit, removeExternalIp);
    assert.deepEqual([nic.accessConfigs?.length, nic.ipv6AccessConfigs?.length], [0, 1]);
    assert.equal(entry?.state, 'not-undoable');
    assert.match(entry.because ?? '', /^the VM is still without 203\.0\.113\.10 on nic0, although /);
  });

  it('says on a release where no address could be assigned, or the VM has another one by now', async () => {
    const refused = await bothVersions();
    await carry(refused.kit, removeExternalIp);
    const refusal = { kind: 'refuse', status: 400, reason: 'invalid', message: 'not today', times: 1000 } as const;
    refused.kit.world.compute.script({ ...refusal, method: 'Instances.AddAccessConfig' });
    const [none] = await releaseStep(refused.kit, removeExternalIp);
    assert.equal(none?.state, 'not-undoable');
    assert.match(none.because ?? '', /new nic0 External NAT: .*not today; new nic0 external-ipv6: .*not today/);
    const other = await bothVersions();
    const before = structuredClone([other.nic.accessConfigs, other.nic.ipv6AccessConfigs]);
    await carry(other.kit, removeExternalIp);
    [other.nic.accessConfigs = [], other.nic.ipv6AccessConfigs = []] = before;
    for (const config of other.nic.accessConfigs) config.natIP = '203.0.113.99';
    const [theirs] = await releaseStep(other.kit, removeExternalIp);
    assert.equal(theirs?.state, 'undone');
    assert.match(theirs.because ?? '', /^203.0.113.10 on nic0 could not be assigned again/);
  });

  it('takes away an address that replaced one of two meanwhile, and gives back that one and the other', async () => {
    const { kit, nic } = await bothVersions();
    const { compute } = kit.world;
    // The first removal is refused for want of a right; meanwhile somebody changes both addresses.
    compute.script({
      method: 'Instances.DeleteAccessConfig',
      kind: 'refuse',
      status: 403,
      reason: 'forbidden',
      times: 2,
    });
    const [open] = await carry(kit, removeExternalIp, undefined, 1);
    assert.equal(open?.entry.state, 'pending', open?.entry.because);
    for (const config of nic.accessConfigs ?? []) config.natIP = '203.0.113.99';
    nic.ipv6AccessConfigs = [];
    const [carried] = await carry(kit, removeExternalIp);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven'], carried?.entry.because);
    assert.match(carried?.entry.because ?? '', /203\.0\.113\.99/);
    assert.doesNotMatch(carried?.entry.because ?? '', /203\.0\.113\.10/);
    await releaseStep(kit, removeExternalIp);
    assert.equal(nic.accessConfigs?.[0]?.natIP, '203.0.113.99');
    assert.equal(nic.ipv6AccessConfigs?.[0]?.externalIpv6, '2001:db8:1::');
  });
});
