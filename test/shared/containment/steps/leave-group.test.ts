import { strict as assert } from 'node:assert';
import { leaveGroup } from '../../../../shared/containment/steps/leave-group.ts';
import { restoreGroupSize } from '../../../../shared/containment/steps/restore-group-size.ts';
import type { PodSubject } from '../../../../shared/model/subject.ts';
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
import { carry, releaseStep, STEP_INCIDENT } from '../../../kit/step.ts';

stepContract({
  step: leaveGroup,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [regionalSubject],
  stranger: { because: 'a VM that has left its group cannot be put back' },
});

/** The simulated Compute Engine, and the URLs of a pod's VM and of the group that the VM is in. */
const placeIn = (kit: Kit, { host }: PodSubject) => {
  const { project, zone, instance } = host ?? assert.fail();
  const world = kit.world.compute;
  const [group = ''] =
    [...world.state.groups].find(([, { members }]) => members.some(({ id }) => id === host?.id)) ?? [];
  return { world, group, vm: `projects/${project}/zones/${zone}/instances/${instance}` };
};
type Place = ReturnType<typeof placeIn>;

describe('containment/steps/leave-group', () => {
  for (const [fault, says] of [
    ['403', /one node more than its pool counts; the node is not labelled: .*403/],
    ['webhook', /one node more than its pool counts; the node is not labelled: .*failed calling webhook/],
  ] as const)
    it(`is done where only the label of the node is refused (${fault}), and says so`, async () => {
      const kit = containmentKit();
      await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
      kit.cluster.faults.add({ verb: 'patch', kind: 'Node', times: 1_000_000, fault });
      const [carried] = await carry(kit, leaveGroup);
      assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven']);
      assert.match(carried?.entry.because ?? '', says);
    });

  it('does not read the VM while that is leaving, however long the group takes', async () => {
    const readsWith = async (groupMs: number): Promise<number> => {
      const kit = containmentKit();
      kit.world.compute.state.durations.group = groupMs;
      await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
      kit.world.compute.state.calls.length = 0;
      const [carried] = await carry(kit, leaveGroup);
      assert.equal(carried?.entry.proof, 'proven', carried?.entry.because);
      return kit.world.compute.state.calls.filter(({ method }) => method === 'Instances.Get').length;
    };
    assert.equal(await readsWith(120_000), await readsWith(3_000));
  });

  it('fails with the reason, and says that the VM will be rebuilt, where the group refuses for good', async () => {
    const kit = containmentKit();
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
    const method = 'InstanceGroupManagers.AbandonInstances';
    kit.world.compute.script({ method, kind: 'refuse', status: 400, reason: 'invalid', message: 'not this one' });
    const [carried] = await carry(kit, leaveGroup);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried.entry.because ?? '', /not this one; auto-repair will rebuild the VM/);
  });

  for (const [what, says, change] of [
    [
      'made by no group',
      /^the VM belongs to no instance group$/,
      ({ world }, vm) => world.stranger.setMetadata(vm, {}),
    ],
    [
      'whose group is gone',
      /^the group projects\/\d+\/zones\/\S+-grp that created the VM is gone$/,
      ({ world, group }) => world.state.groups.delete(group),
    ],
    [
      'that has left its group',
      /^the VM has already left gke-c1-pool-1-\w+-grp$/,
      ({ world, group }) => world.state.groups.get(group)?.members.splice(0),
    ],
  ] as const satisfies ReadonlyArray<readonly [string, RegExp, (given: Place, vm: string) => unknown]>)
    it(`has nothing to do for a VM ${what}`, async () => {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      change(placeIn(kit, subject), placeIn(kit, subject).vm);
      await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
      const before = changesOf(kit);
      const [carried] = await carry(kit, leaveGroup);
      assert.equal(carried?.entry.state, 'skipped');
      assert.match(carried.entry.because ?? '', says);
      assert.deepEqual(changesOf(kit), before);
    });

  it('fails at its deadline where the group accepts the request and still lists the VM', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    kit.world.compute.state.durations.group = 3_600_000;
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    const began = kit.clock.now();
    const [carried] = await carry(kit, leaveGroup);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried.entry.because ?? '', /-grp still lists the VM after 600 s; auto-repair will rebuild the VM/);
    assert.ok(kit.clock.now() - began >= 600_000);
    assert.equal(changesOf(kit).filter((line) => line.startsWith('abandonInstances')).length <= 1, true);
  });

  it('ends where the VM is deleted while it leaves', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    kit.world.compute.state.durations.group = 60_000;
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    await carry(kit, leaveGroup, undefined, 1);
    kit.world.compute.stranger.deleteInstance(placeIn(kit, subject).vm);
    const [carried] = await carry(kit, leaveGroup);
    assert.equal(carried?.entry.state, 'skipped');
    assert.match(carried.entry.because ?? '', /is gone, or another VM now has its name/);
  });

  describe('a VM that the autoscaler, an upgrade or a person takes out of its group', () => {
    const onVm = async () => {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
      const { vm } = placeIn(kit, subject);
      const { stranger } = kit.world.compute;
      return {
        kit,
        takeOut: (andDelete: boolean) => stranger.takeOut(vm, andDelete),
        repair: () => stranger.repair(vm),
      };
    };
    /** Somebody else is first, between the look at the group and the request. */
    const first = async (andDelete: boolean) => {
      const { kit, takeOut } = await onVm();
      const { abandonInstance } = kit.ports.compute;
      Object.assign(kit.ports.compute, {
        abandonInstance: (asked: Parameters<typeof abandonInstance>[0]) => {
          takeOut(andDelete);
          return abandonInstance(asked);
        },
      });
      return kit;
    };
    const done = async (kit: Kit) => {
      const [carried] = await carry(kit, leaveGroup);
      return carried?.entry ?? assert.fail();
    };

    it('and deletes is lost to it: this is refused, and nobody is told that the VM will be rebuilt', async () => {
      const { kit, takeOut } = await onVm();
      takeOut(true);
      for (const entry of [await done(kit), await done(await first(true))]) {
        assert.equal(entry.state, 'refused');
        assert.match(entry.because ?? '', /^its group is deleting the VM already, which cannot be stopped/);
        assert.doesNotMatch(entry.because ?? '', /rebuild/);
      }
      assert.deepEqual(
        changesOf(kit).filter((line) => line.startsWith('abandonInstances')),
        [],
      );
    });

    it('and makes again is lost to it as well: the group knows it by name, and would let go of the new one', async () => {
      const { kit, repair } = await onVm();
      repair();
      const entry = await done(kit);
      assert.equal(entry.state, 'refused');
      assert.match(entry.because ?? '', /^its group is making the VM again already: use its disks and snapshots/);
      await kit.clock.advance(60_000);
      kit.world.settle();
      assert.deepEqual(
        changesOf(kit).filter((line) => line.startsWith('abandonInstances')),
        [],
      );
    });

    it('and releases is waited for, until it has left', async () => {
      const { kit, takeOut } = await onVm();
      takeOut(false);
      for (const entry of [await done(kit), await done(await first(false))])
        assert.deepEqual([entry.state, entry.proof], ['applied', 'proven']);
    });

    it('and releases without an end is given up at the deadline', async () => {
      const { kit, takeOut } = await onVm();
      kit.world.compute.state.durations.group = 3_600_000;
      takeOut(false);
      const entry = await done(kit);
      assert.equal(entry.state, 'failed');
      assert.match(entry.because ?? '', /still lists the VM after 600 s; auto-repair will rebuild the VM/);
    });
  });

  it('says in a release that the group is smaller, unless a replacement was made or none is needed', async () => {
    const SMALLER = /delete the host when it is no longer needed; nothing replaces it, so its group is one smaller/;
    for (const [restores, autoscaled, isSmaller] of [
      [false, false, true],
      [true, false, false],
      [true, true, false],
    ]) {
      const kit = containmentKit();
      if (autoscaled === true)
        for (const { raw } of kit.world.compute.state.groups.values()) Object.assign(raw.status, { autoscaler: 'a' });
      await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
      await carry(kit, leaveGroup);
      if (restores === true) await carry(kit, restoreGroupSize);
      const [entry] = await releaseStep(kit, leaveGroup);
      assert.equal(entry?.state, 'not-undoable');
      assert.equal(SMALLER.test(entry?.because ?? ''), isSmaller, entry?.because);
    }
  });
});
