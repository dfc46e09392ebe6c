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
import { carry, STEP_INCIDENT, STRANGER } from '../../../kit/step.ts';

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
});
