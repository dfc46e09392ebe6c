import { strict as assert } from 'node:assert';
import { Malformed } from '../../shared/errors.ts';
import type { ComputeCase } from './compute.ts';

const AT = { project: 'p1', zone: 'europe-west1-b' };

/** Cases for the external addresses of a VM's interfaces. */
export const computeAddressContract = (given: () => ComputeCase): void => {
  describe('a VM with external addresses', () => {
    it('loses them by their own names, IPv4 and IPv6, and gets them back', async () => {
      const { compute, done, requestId, world } = given();
      const { id } = world.addInstance({
        ...AT,
        name: 'n1',
        nics: [
          {
            accessConfigs: [{ name: 'external-nat', natIP: '203.0.113.7' }],
            ipv6AccessConfigs: [{ name: 'external-ipv6' }],
          },
          { network: 'projects/p1/global/networks/second', accessConfigs: [{ name: 'External NAT' }] },
        ],
      });
      const vm = { ...AT, id };
      for (const [nic, name] of [
        ['nic0', 'external-nat'],
        ['nic0', 'external-ipv6'],
        ['nic1', 'External NAT'],
      ] as const) {
        await done(await compute.deleteAccessConfig({ vm, nic, name, requestId: requestId() }));
      }
      const cut = await compute.instance({ ...AT, name: 'n1' });
      assert.deepEqual(
        cut?.interfaces.flatMap((nic) => [...nic.accessConfigs, ...nic.ipv6AccessConfigs]),
        [],
      );
      await assert.rejects(
        compute.deleteAccessConfig({ vm, nic: 'nic0', name: 'external-nat', requestId: requestId() }),
        Malformed,
      );
      const v4 = { name: 'external-nat', type: 'ONE_TO_ONE_NAT', natIP: '203.0.113.7' };
      await done(await compute.addAccessConfig({ vm, nic: 'nic0', config: v4, requestId: requestId() }));
      const v6 = {
        name: 'external-ipv6',
        type: 'DIRECT_IPV6',
        externalIpv6: '2001:db8:1::',
        externalIpv6PrefixLength: 96,
      };
      await done(await compute.addAccessConfig({ vm, nic: 'nic0', config: v6, requestId: requestId() }));
      const back = (await compute.instance({ ...AT, name: 'n1' }))?.interfaces[0];
      assert.equal(back?.accessConfigs[0]?.natIP, '203.0.113.7');
      assert.equal(back?.ipv6AccessConfigs[0]?.externalIpv6, '2001:db8:1::');
    });

    it('gets no second one on an interface that has one, and a new one where none was named', async () => {
      const { compute, done, requestId, world } = given();
      const { id } = world.addInstance({ ...AT, name: 'n1' });
      const add = () => {
        const config = { name: 'External NAT', type: 'ONE_TO_ONE_NAT' };
        return compute.addAccessConfig({ vm: { ...AT, id }, nic: 'nic0', config, requestId: requestId() });
      };
      await done(await add());
      const [first] = (await compute.instance({ ...AT, name: 'n1' }))?.interfaces[0]?.accessConfigs ?? [];
      assert.match(first?.natIP ?? '', /^\d+\.\d+\.\d+\.\d+$/);
      await assert.rejects(add(), Malformed);
    });
  });
};
