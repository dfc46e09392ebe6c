import { strict as assert } from 'node:assert';
import { leaveGroup } from '../../../../shared/containment/steps/leave-group.ts';
import { restoreGroupSize } from '../../../../shared/containment/steps/restore-group-size.ts';
import { stepContract } from '../../../contracts/step.ts';
import {
  changesOf,
  containmentKit,
  type Kit,
  openIncident,
  podNamed,
  regionalSubject,
  subjectOf,
} from '../../../kit/containment.ts';
import { carry, releaseStep, STEP_INCIDENT, STRANGER } from '../../../kit/step.ts';

stepContract({
  step: restoreGroupSize,
  first: [leaveGroup],
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [regionalSubject],
  stranger: (kit) => {
    for (const [url, { raw }] of kit.world.compute.state.groups)
      kit.world.compute.stranger.resize(url, raw.targetSize - 1, STRANGER);
  },
  madeAgain: { state: 'skipped', because: 'no group lost that VM to us, so there is no size to restore' },
});

/** A node of the shop has left its group. */
const shrunk = async (): Promise<Kit> => {
  const kit = containmentKit();
  await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
  await carry(kit, leaveGroup);
  return kit;
};

describe('containment/steps/restore-group-size', () => {
  it('leaves the size of a pool with autoscaling alone, although created-by names the project by its number', async () => {
    const kit = await shrunk();
    const [pool] = [kit.cluster.described.nodePools].flat();
    Object.assign(Object(pool), { autoscaling: { enabled: true } });
    const before = changesOf(kit);
    const [carried] = await carry(kit, restoreGroupSize);
    assert.equal(carried?.entry.state, 'skipped');
    assert.match(carried.entry.because ?? '', /^the pool of gke-c1-pool-1-\w+-grp is autoscaled$/);
    assert.deepEqual(changesOf(kit), before);
  });

  it('gives up where the group cannot make a VM by name, and somebody makes it smaller again', async () => {
    const kit = await shrunk();
    const refusal = { kind: 'fail-operation', code: 'INVALID_USAGE', status: 400, times: 1000 } as const;
    kit.world.compute.script({ ...refusal, method: 'InstanceGroupManagers.CreateInstances' });
    const sizes = [...kit.world.compute.state.groups].map(([url, { raw }]) => [url, raw.targetSize] as const);
    const { sleep } = kit.clock;
    kit.clock.sleep = async (ms) => {
      await sleep(ms);
      for (const [url, size] of sizes) kit.world.compute.stranger.resize(url, size, STRANGER);
    };
    const [carried] = await carry(kit, restoreGroupSize);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried.entry.because ?? '', /INVALID_USAGE.*; the group was not resized to 2 in 10 minutes/);
  });

  it('gives a pool without autoscaling its VM back, whatever another pool does', async () => {
    const kit = await shrunk();
    const pools = [kit.cluster.described.nodePools].flat();
    const other =
      'https://www.googleapis.com/compute/v1/projects/p1/zones/europe-west1-c/instanceGroupManagers/other-grp';
    const autoscaled = { name: 'pool-2', autoscaling: { enabled: true }, instanceGroupUrls: [other, 'not a URL'] };
    kit.cluster.described.nodePools = [...pools, autoscaled];
    const [carried] = await carry(kit, restoreGroupSize);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven']);
  });

  const STOCKOUT = { code: 'ZONE_RESOURCE_POOL_EXHAUSTED', message: 'The zone does not have enough resources.' };

  it('does not take a VM that the group cannot make for a replacement, and says why', async () => {
    const kit = await shrunk();
    kit.world.compute.state.stockout = STOCKOUT;
    const [carried] = await carry(kit, restoreGroupSize);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'not proven']);
    assert.match(
      carried?.entry.because ?? '',
      /^the group has still not made gke-[\w-]+ after 10 minutes: ZONE_RESOURCE_POOL_EXHAUSTED: The zone/,
    );
  });

  it('waits for a VM that the group makes once there is room again', async () => {
    const kit = await shrunk();
    kit.world.compute.state.stockout = STOCKOUT;
    const [waits] = await carry(kit, restoreGroupSize, undefined, 2);
    assert.match(waits?.entry.because ?? '', /is being created/);
    kit.world.compute.state.stockout = undefined;
    const [carried] = await carry(kit, restoreGroupSize);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven']);
    assert.match(carried?.entry.because ?? '', /replaces it$/);
  });

  it('has nothing to restore where the VM did not leave, or its group is gone', async () => {
    const kit = containmentKit();
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
    const refusal = { kind: 'refuse', status: 400, reason: 'invalid' } as const;
    kit.world.compute.script({ ...refusal, method: 'InstanceGroupManagers.AbandonInstances' });
    await carry(kit, leaveGroup);
    const [none] = await carry(kit, restoreGroupSize);
    assert.deepEqual([none?.entry.state, none?.entry.because], ['skipped', 'no group lost a node to this incident']);
    const other = await shrunk();
    other.world.compute.state.groups.clear();
    const [gone] = await carry(other, restoreGroupSize);
    assert.deepEqual(
      [gone?.entry.state, gone?.entry.because],
      ['skipped', 'the group is gone: there is no size to restore'],
    );
  });

  it('resizes a group that cannot make a VM by name, and leaves one that grew meanwhile', async () => {
    for (const grown of [false, true]) {
      const kit = await shrunk();
      const refusal = { kind: 'refuse', status: 400, reason: 'invalid', times: 1000 } as const;
      kit.world.compute.script({ ...refusal, method: 'InstanceGroupManagers.CreateInstances' });
      const groups = [...kit.world.compute.state.groups];
      const [url = '', group] = groups.find(([, { raw }]) => raw.targetSize === 1) ?? [];
      const createInstance = kit.ports.compute.createInstance;
      kit.ports.compute.createInstance = async (given) => {
        if (grown) kit.world.compute.stranger.resize(url, 5, STRANGER);
        return createInstance(given);
      };
      const [carried] = await carry(kit, restoreGroupSize);
      assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven'], carried?.entry.because);
      assert.equal(group?.raw.targetSize, grown ? 5 : 2);
      assert.equal(
        changesOf(kit).some((line) => line.startsWith('resize ')),
        !grown,
      );
    }
  });

  it('adds no second VM by name once it has resized, although the group could make one by then', async () => {
    const kit = await shrunk();
    const method = 'InstanceGroupManagers.CreateInstances';
    kit.world.compute.script({ kind: 'refuse', status: 400, reason: 'invalid', method });
    const group = [...kit.world.compute.state.groups.values()].find(({ raw }) => raw.targetSize === 1);
    const [carried] = await carry(kit, restoreGroupSize);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven'], carried?.entry.because);
    assert.equal(group?.raw.targetSize, 2);
  });

  it('says on a release whether a replacement stays', async () => {
    for (const [times, ends] of [
      [0, /^not-undoable: the replacement stays/],
      [1000, /^undone: \S+-grp has no more VMs than before$/],
    ] as const) {
      const kit = await shrunk();
      for (const method of ['InstanceGroupManagers.CreateInstances', 'InstanceGroupManagers.Resize'])
        kit.world.compute.script({ kind: 'refuse', status: 400, reason: 'invalid', method, times });
      await carry(kit, restoreGroupSize);
      const [entry] = await releaseStep(kit, restoreGroupSize);
      assert.match(`${entry?.state}: ${entry?.because}`, ends);
    }
  });

  it('says on a release that the group is gone', async () => {
    const kit = await shrunk();
    await carry(kit, restoreGroupSize);
    kit.world.compute.state.groups.clear();
    const [entry] = await releaseStep(kit, restoreGroupSize);
    assert.deepEqual([entry?.state, entry?.because], ['not-undoable', 'the group is gone']);
  });

  it('fails with both reasons where the group refuses the resize as well', async () => {
    const kit = await shrunk();
    for (const [method, message] of [
      ['InstanceGroupManagers.CreateInstances', 'no names'],
      ['InstanceGroupManagers.Resize', 'no sizes'],
    ] as const)
      kit.world.compute.script({ method, message, kind: 'refuse', status: 400, reason: 'invalid', times: 1000 });
    const [carried] = await carry(kit, restoreGroupSize);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried.entry.because ?? '', /create: .*no names; resize: .*no sizes/);
  });
});
