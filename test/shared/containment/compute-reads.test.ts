import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { SHOP_NETWORK, SHOP_NODES } from '../../../local/world/seed.ts';
import { sharedReads } from '../../../shared/containment/compute-reads.ts';
import { quarantineRules } from '../../../shared/containment/quarantine-rules.ts';
import { Transient } from '../../../shared/errors.ts';
import type { InstanceRef } from '../../../shared/model/compute.ts';
import { CONTAIN, containmentKit, hostOf } from '../../kit/containment.ts';
import { worldCompute } from '../../kit/world-compute.ts';

const REQUEST = '00000000-0000-4000-8000-000000000001';

/** Shared reads of a VM of the shop. `asked`: how often Compute Engine was asked for one. */
const bench = async () => {
  const kit = containmentKit();
  const host = await hostOf(kit, SHOP_NODES['europe-west1-b'][0]);
  const ref = { project: host.project ?? '', zone: host.zone ?? '', name: host.id };
  const real = worldCompute(kit.world.compute, CONTAIN);
  let asked = 0;
  let fails = false;
  const counted = {
    ...real,
    instance: async (of: typeof ref) => {
      asked += 1;
      if (fails) throw new Transient('no reply');
      return real.instance(of);
    },
  };
  const compute = sharedReads(counted, kit.clock);
  const look = () => compute.instance(ref);
  const setFailing = (to: boolean): void => {
    fails = to;
  };
  return {
    kit,
    ref,
    vm: { project: ref.project, zone: ref.zone, id: host.id },
    compute,
    look,
    asked: () => asked,
    setFailing,
  };
};

describe('sharedReads', () => {
  it('reads a VM once for those who ask at the same time or within a second, and then anew', async () => {
    const { kit, look, asked } = await bench();
    const [one, other] = await Promise.all([look(), look()]);
    assert.ok(one !== undefined && one === other);
    await kit.clock.advance(999);
    await look();
    assert.equal(asked(), 1);
    await kit.clock.advance(1);
    await look();
    assert.equal(asked(), 2);
  });

  it('reads another VM by itself', async () => {
    const { compute, ref, look, asked } = await bench();
    await look();
    assert.equal(await compute.instance({ ...ref, name: '1' }), undefined);
    assert.equal(asked(), 2);
  });

  it('reads a VM anew after a change of ours and after a look at its operation', async () => {
    const { kit, compute, vm, look, asked } = await bench();
    const before = (await look()) ?? assert.fail();
    const { fingerprint } = before.tags;
    const sent = await compute.setTags({ vm, items: ['a'], fingerprint, requestId: REQUEST });
    assert.ok(sent !== 'gone');
    await look();
    assert.equal(asked(), 2);
    await kit.clock.advance(900);
    await look();
    assert.equal(asked(), 2);
    await kit.clock.advance(99);
    kit.world.compute.state.durations.running = 0;
    await compute.operation(sent.url);
    await look();
    assert.equal(asked(), 3);
  });

  it('forgets what it read while a change of ours was on its way', async () => {
    const { kit, compute, vm, look, asked } = await bench();
    const { fingerprint } = ((await look()) ?? assert.fail()).tags;
    const changing = compute.setTags({ vm, items: ['a'], fingerprint, requestId: REQUEST });
    const during = look();
    await Promise.all([changing, during]);
    await look();
    assert.equal(asked(), 3);
    await kit.clock.advance(10_000);
    assert.deepEqual((await look())?.tags.items, ['a']);
  });

  it('keeps no failure', async () => {
    const { look, asked, setFailing } = await bench();
    setFailing(true);
    const [one, other] = await Promise.allSettled([look(), look()]);
    assert.deepEqual([one?.status, other?.status, asked()], ['rejected', 'rejected', 1]);
    setFailing(false);
    assert.ok(await look());
    assert.equal(asked(), 2);
  });

  it('forgets a VM after each of our changes that may touch one', async () => {
    const { compute, vm, ref, look, asked } = await bench();
    const requestId = REQUEST;
    const group = `projects/${ref.project}/zones/${ref.zone}/instanceGroupManagers/none`;
    const instance = `projects/${ref.project}/zones/${ref.zone}/instances/none`;
    const nowhere = { ...vm, id: '1' };
    const changes: Array<() => Promise<unknown>> = [
      () => compute.setDiskAutoDelete({ vm: nowhere, deviceName: 'd', autoDelete: false, requestId }),
      () => compute.setMetadata({ vm: nowhere, items: {}, fingerprint: 'AA==', requestId }),
      () => compute.deleteAccessConfig({ vm: nowhere, nic: 'nic0', name: 'External NAT', requestId }),
      () =>
        compute.addAccessConfig({ vm: nowhere, nic: 'nic0', config: { name: 'a', type: 'ONE_TO_ONE_NAT' }, requestId }),
      () => compute.deleteInstance({ vm: nowhere, requestId }),
      () => compute.deleteGroupInstance({ group, instance, requestId }),
    ];
    for (const [n, change] of changes.entries()) {
      await look();
      assert.equal(asked(), n + 1, `change ${n}`);
      await change();
    }
  });

  it('shares what a VM is in: the members of its group until one of our changes moves some, and the rules on its interfaces', async () => {
    const kit = containmentKit();
    const real = worldCompute(kit.world.compute, CONTAIN);
    const asked: string[] = [];
    const counted = {
      ...real,
      managedInstances: async (group: string) => {
        asked.push('members');
        return real.managedInstances(group);
      },
      effectiveFirewalls: async (of: InstanceRef, nic: string) => {
        asked.push(nic);
        return real.effectiveFirewalls(of, nic);
      },
    };
    const compute = sharedReads(counted, kit.clock);
    const host = await hostOf(kit, SHOP_NODES['europe-west1-b'][0]);
    const ref = { project: host.project ?? '', zone: host.zone ?? '', name: host.id };
    const group = `projects/${ref.project}/zones/${ref.zone}/instanceGroupManagers/none`;
    const look = async () => {
      asked.length = 0;
      for (const _ of [1, 2]) {
        await compute.managedInstances(group);
        await compute.effectiveFirewalls(ref, 'nic0');
      }
      return [...asked];
    };
    const rule = quarantineRules(SHOP_NETWORK)[0] ?? assert.fail();
    assert.deepEqual(await look(), ['members', 'nic0']);
    assert.deepEqual(await look(), []);
    await compute.createInstance({ group, name: 'one', requestId: randomUUID() });
    assert.deepEqual(await look(), ['members']);
    await compute.resizeGroup({ group, size: 9, requestId: randomUUID() });
    assert.deepEqual(await look(), ['members']);
    await compute.insertFirewall({ rule, requestId: randomUUID() });
    assert.deepEqual(await look(), ['nic0']);
    await compute.deleteFirewall({ project: ref.project, name: 'none', requestId: randomUUID() });
    assert.deepEqual(await look(), ['nic0']);
    await compute.abandonInstance({
      group,
      instance: `projects/${ref.project}/zones/${ref.zone}/instances/none`,
      requestId: randomUUID(),
    });
    assert.deepEqual(await look(), ['members']);
  });

  it('shares the snapshots of a disk until one is made', async () => {
    const kit = containmentKit();
    const real = worldCompute(kit.world.compute, CONTAIN);
    let asked = 0;
    const counted = {
      ...real,
      snapshotsOf: async (disk: { project: string; id: string }) => {
        asked += 1;
        return real.snapshotsOf(disk);
      },
    };
    const compute = sharedReads(counted, kit.clock);
    const look = () => compute.snapshotsOf({ project: 'p1', id: '7' });
    await look();
    await look();
    assert.equal(asked, 1);
    await compute.snapshotsOf({ project: 'p1', id: '8' });
    assert.equal(asked, 2);
    const disk = 'projects/p1/zones/europe-west1-b/disks/none';
    await compute.createSnapshot({ disk, name: 's', labels: {}, requestId: REQUEST });
    await look();
    assert.equal(asked, 3);
    await kit.clock.advance(1_000);
    await look();
    assert.equal(asked, 4);
  });
});
