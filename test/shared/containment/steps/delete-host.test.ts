import { strict as assert } from 'node:assert';
import { partial, ROOT } from '../../../../local/world/compute/state.ts';
import { run } from '../../../../shared/containment/run.ts';
import { deleteHost } from '../../../../shared/containment/steps/delete-host.ts';
import { keepDisks } from '../../../../shared/containment/steps/keep-disks.ts';
import { leaveGroup } from '../../../../shared/containment/steps/leave-group.ts';
import { restoreGroupSize } from '../../../../shared/containment/steps/restore-group-size.ts';
import type { Entry } from '../../../../shared/model/entry.ts';
import type { Host } from '../../../../shared/model/host.ts';
import { stepContract } from '../../../contracts/step.ts';
import {
  containmentKit,
  type Kit,
  openIncident,
  podNamed,
  regionalSubject,
  subjectOf,
} from '../../../kit/containment.ts';
import { carry, releaseStep, STEP_INCIDENT } from '../../../kit/step.ts';

stepContract({
  step: deleteHost,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [
    regionalSubject,
    async (kit) => {
      const [subject] = await regionalSubject(kit);
      if (subject?.kind !== 'node') return [];
      const [url] = [...kit.world.compute.state.groups.keys()].filter((key) => key.includes('pool-2'));
      // The VM belongs to no group any more, so the step deletes it directly.
      if (url !== undefined) kit.world.compute.state.groups.delete(url);
      return [subject];
    },
  ],
  stranger: { because: 'a deleted VM does not come back under its id' },
});

const DATA = 'projects/p1/zones/europe-west1-c/disks/data';

const onHost = async () => {
  const kit = containmentKit();
  const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  await openIncident(kit, STEP_INCIDENT, [subject], 'delete-host');
  const { project, zone, instance, id, node } = subject.host ?? assert.fail('no host');
  const url = `projects/${project}/zones/${zone}/instances/${instance}`;
  return { kit, subject, url, id, node };
};

const only = async (kit: Kit) => {
  const [carried] = await carry(kit, deleteHost);
  assert.ok(carried);
  return carried.entry;
};

const sizes = (kit: Kit) => [...kit.world.compute.state.groups.values()].map(({ raw }) => raw.targetSize);

describe('containment/steps/delete-host', () => {
  it('deletes the VM through its group, which then does not replace it', async () => {
    const { kit, url, node } = await onHost();
    assert.deepEqual(sizes(kit), [2, 2]);
    const entry = await only(kit);
    assert.equal(entry.proof, 'proven');
    await kit.clock.advance(60_000);
    kit.world.settle();
    assert.equal(kit.world.compute.state.instances.has(url), false);
    assert.deepEqual(sizes(kit).toSorted(), [1, 2]);
    assert.equal(kit.cluster.get({ apiVersion: 'v1', kind: 'Node', name: node }), undefined);
  });

  it('deletes the VM directly once it has left its group, and leaves the kept disks', async () => {
    const { kit, url } = await onHost();
    await carry(kit, keepDisks);
    await carry(kit, leaveGroup);
    const entry = await only(kit);
    assert.equal(entry.proof, 'proven');
    assert.match(entry.because ?? '', /disks kept: projects\/p1\/zones\/.*\/disks\//);
    assert.equal(kit.world.compute.state.instances.has(url), false);
    assert.equal(kit.world.compute.state.disks.size, 4);
    assert.ok(kit.world.compute.state.calls.some((c) => c.method === 'Instances.Delete'));
  });

  it('refuses before it sends anything while another incident holds the node', async () => {
    const { kit, subject, url } = await onHost();
    await openIncident(kit, 'i-2', [subject], 'quarantine');
    await kit.clock.drive(run(kit.ports, 'i-2'));
    const entry = await only(kit);
    assert.equal(entry.state, 'refused');
    assert.match(entry.because ?? '', /also held by i-2/);
    assert.equal(kit.world.compute.state.instances.has(url), true);
  });

  it('refuses while another incident holds the node that joined after the look at it', async () => {
    const { kit, subject, url } = await onHost();
    await openIncident(kit, 'i-2', [subject], 'quarantine');
    const { hosts } = kit.ports.stores;
    const { put } = hosts;
    const isBegun = (e: Entry): boolean => e.step === 'delete-host' && e.state === 'applying';
    Object.assign(hosts, {
      put: async (id: string, doc: Host, rev: number | null): Promise<Host> => {
        const stored = await put(id, doc, rev);
        const joins = stored.journal.some(isBegun) && !stored.holders.includes('i-2');
        return joins ? put(id, { ...stored, holders: [...stored.holders, 'i-2'] }, stored.rev) : stored;
      },
    });
    const entry = await only(kit);
    assert.equal(entry.state, 'refused');
    assert.match(entry.because ?? '', /also held by i-2/);
    assert.equal(kit.world.compute.state.instances.has(url), true);
  });

  it('ends a deletion that is under way although another incident comes to hold the node meanwhile', async () => {
    const { kit, subject, url } = await onHost();
    kit.world.compute.state.durations.running = 30_000;
    const [begun] = await carry(kit, deleteHost, undefined, 2);
    assert.equal(begun?.entry.state, 'pending', begun?.entry.because);
    assert.match(begun.entry.because ?? '', / is being deleted$/);
    await openIncident(kit, 'i-2', [subject], 'quarantine');
    const entry = await only(kit);
    assert.deepEqual([entry.state, entry.proof], ['applied', 'proven'], entry.because);
    assert.equal(kit.world.compute.state.instances.has(url), false);
  });

  it('refuses while another incident is to contain a pod there and has not begun, unless it stays below quarantine', async () => {
    for (const [tier, mode, state] of [
      ['quarantine', 'act', 'refused'],
      ['quarantine', 'dry-run', 'applied'],
      ['snapshot', 'act', 'applied'],
      ['released', 'act', 'applied'],
    ] as const) {
      const { kit, subject } = await onHost();
      await openIncident(kit, 'i-2', [subject], tier, { mode });
      const entry = await only(kit);
      assert.equal(entry.state, state, tier);
      assert.equal(/also held by i-2/.test(entry.because ?? ''), state === 'refused');
    }
  });

  it('does not count a holder whose document has expired', async () => {
    const { kit, subject, url } = await onHost();
    await openIncident(kit, 'i-2', [subject], 'quarantine');
    await kit.clock.drive(run(kit.ports, 'i-2'));
    await kit.ports.stores.incidents.delete('i-2');
    assert.equal((await only(kit)).state, 'applied');
    assert.equal(kit.world.compute.state.instances.has(url), false);
  });

  it('does not delete the VM that auto-repair made under the same name', async () => {
    const { kit, url, id } = await onHost();
    kit.world.compute.stranger.recreate(url);
    await kit.clock.advance(10_000);
    kit.world.settle();
    assert.notEqual(kit.world.compute.state.instances.get(url)?.id, id);
    const entry = await only(kit);
    assert.equal(entry.state, 'skipped');
    assert.match(entry.because ?? '', /gone, or another VM now has its name/);
    assert.equal(kit.world.compute.state.instances.has(url), true);
  });

  it('waits for a group that makes the VM again already: it knows the VM by name, and would lose the new one', async () => {
    const { kit, url, id } = await onHost();
    const before = sizes(kit);
    kit.world.compute.stranger.repair(url);
    const entry = await only(kit);
    assert.deepEqual([entry.state, entry.proof], ['applied', 'proven']);
    const [restored] = await carry(kit, restoreGroupSize);
    assert.equal(restored?.entry.state, 'skipped', restored?.entry.because);
    await kit.clock.advance(60_000);
    kit.world.settle();
    const again = kit.world.compute.state.instances.get(url);
    assert.ok(again !== undefined && again.id !== id);
    assert.deepEqual(sizes(kit), before);
  });

  describe('a VM that its group deletes or releases for somebody else', () => {
    it('is waited for where it is deleted, and the group gets no other in its place', async () => {
      const { kit, url } = await onHost();
      kit.world.compute.stranger.takeOut(url, true);
      const entry = await only(kit);
      assert.deepEqual([entry.state, entry.proof], ['applied', 'proven']);
      assert.equal(kit.world.compute.state.instances.has(url), false);
      const [restored] = await carry(kit, restoreGroupSize);
      assert.equal(restored?.entry.state, 'skipped');
      assert.match(restored.entry.because ?? '', /no group lost a node to this incident/);
    });

    it('is deleted directly once it is released', async () => {
      const { kit, url } = await onHost();
      kit.world.compute.stranger.takeOut(url, false);
      assert.equal((await only(kit)).state, 'applied');
      assert.equal(kit.world.compute.state.instances.has(url), false);
    });

    it('is waited for also where somebody else was first between the look and the request', async () => {
      for (const andDelete of [true, false]) {
        const { kit, url } = await onHost();
        const { deleteGroupInstance } = kit.ports.compute;
        Object.assign(kit.ports.compute, {
          deleteGroupInstance: (asked: Parameters<typeof deleteGroupInstance>[0]) => {
            kit.world.compute.stranger.takeOut(url, andDelete);
            return deleteGroupInstance(asked);
          },
        });
        assert.equal((await only(kit)).state, 'applied');
        assert.equal(kit.world.compute.state.instances.has(url), false);
      }
    });

    it('fails at its deadline where neither comes to an end', async () => {
      const { kit, url } = await onHost();
      kit.world.compute.state.durations.group = 3_600_000;
      kit.world.compute.stranger.takeOut(url, true);
      const entry = await only(kit);
      assert.equal(entry.state, 'failed');
      assert.match(entry.because ?? '', /is still there after 10 minutes/);
    });
  });

  it('fails with the error of the operation if that fails for good', async () => {
    const { kit } = await onHost();
    kit.world.compute.script({
      kind: 'fail-operation',
      method: 'InstanceGroupManagers.DeleteInstances',
      code: 'INVALID_USAGE',
      status: 400,
    });
    const entry = await only(kit);
    assert.equal(entry.state, 'failed');
    assert.match(entry.because ?? '', /INVALID_USAGE/);
  });

  it('names as kept only the disks that outlive the VM, also on a release', async () => {
    const { kit, url } = await onHost();
    const vm = kit.world.compute.state.instances.get(url);
    const [boot] = vm?.disks ?? [];
    assert.ok(vm !== undefined && boot !== undefined);
    vm.disks.push({ ...boot, boot: false, deviceName: 'data', source: `${ROOT}${DATA}`, autoDelete: false });
    const disk = kit.world.compute.state.disks.get(partial(boot.source ?? '')) ?? assert.fail();
    kit.world.compute.state.disks.set(DATA, { ...disk, id: '77', name: 'data', selfLink: `${ROOT}${DATA}` });
    const entry = await only(kit);
    assert.equal(entry.because, `disks kept: ${DATA}`);
    const [released] = await releaseStep(kit, deleteHost);
    assert.equal(
      released?.because,
      `a deleted VM does not come back; what remains: its snapshots and its disks ${DATA}`,
    );
  });

  it('calls no disk kept that was deleted with the VM, since somebody turned its auto-delete on again', async () => {
    const { kit, url } = await onHost();
    await carry(kit, keepDisks);
    const [boot] = kit.world.compute.state.instances.get(url)?.disks ?? [];
    const { deleteGroupInstance } = kit.ports.compute;
    Object.assign(kit.ports.compute, {
      deleteGroupInstance: (asked: Parameters<typeof deleteGroupInstance>[0]) => {
        kit.world.compute.stranger.setDiskAutoDelete(url, boot?.deviceName ?? '', true);
        return deleteGroupInstance(asked);
      },
    });
    const entry = await only(kit);
    assert.deepEqual([entry.state, entry.proof], ['applied', 'not proven']);
    assert.match(
      entry.because ?? '',
      /^deleted with the VM, although it was to be kept: projects\/p1\/.*\/disks\/[^/]+$/,
    );
    const [released] = await releaseStep(kit, deleteHost);
    assert.match(released?.because ?? '', /what remains: its snapshots, and what is left of its disks projects/);
  });

  it('says that no disk was kept where all go with the VM', async () => {
    const { kit } = await onHost();
    assert.equal((await only(kit)).because, 'no disk was kept');
    const [released] = await releaseStep(kit, deleteHost);
    assert.equal(released?.because, 'a deleted VM does not come back; what remains: its snapshots');
  });

  it('fails with the reason where the VM is protected from deletion', async () => {
    const { kit, url } = await onHost();
    await carry(kit, leaveGroup);
    const message = 'deletion protection is on';
    kit.world.compute.script({ kind: 'refuse', method: 'Instances.Delete', status: 400, reason: 'invalid', message });
    const entry = await only(kit);
    assert.equal(entry.state, 'failed');
    assert.match(entry.because ?? '', /^direct: .*deletion protection is on$/);
    assert.equal(kit.world.compute.state.instances.has(url), true);
  });
});
