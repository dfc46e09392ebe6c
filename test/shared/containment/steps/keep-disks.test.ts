import { strict as assert } from 'node:assert';
import { keepDisks } from '../../../../shared/containment/steps/keep-disks.ts';
import { stepContract } from '../../../contracts/step.ts';
import { containmentKit, openIncident, podNamed, subjectOf, vmOf } from '../../../kit/containment.ts';
import { carry, releaseStep, STEP_INCIDENT, STRANGER } from '../../../kit/step.ts';

stepContract({
  step: keepDisks,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  unseen: { 'compute.disks.update': 'the real service asks for it on the disk, the simulated one does not' },
  stranger: (kit) => {
    for (const [url, instance] of kit.world.compute.state.instances)
      for (const disk of instance.disks)
        if (!disk.autoDelete) kit.world.compute.stranger.setDiskAutoDelete(url, disk.deviceName, true, STRANGER);
  },
});

/** A VM with three disks that would be deleted with it. */
const threeDisks = async () => {
  const kit = containmentKit();
  const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  const vm = vmOf(kit, subject.host);
  const [boot] = vm?.disks ?? [];
  assert.ok(vm !== undefined && boot !== undefined);
  for (const deviceName of ['data-1', 'data-2']) vm.disks.push({ ...boot, boot: false, deviceName });
  await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
  return { kit, vm };
};
const kept = (disks: ReadonlyArray<{ deviceName: string; autoDelete?: boolean }>) =>
  disks.filter(({ autoDelete }) => autoDelete === false).map(({ deviceName }) => deviceName);

describe('containment/steps/keep-disks', () => {
  it('keeps the other disks where one is refused, and names that one', async () => {
    const { kit, vm } = await threeDisks();
    const method = 'Instances.SetDiskAutoDelete';
    kit.world.compute.script({ method, kind: 'refuse', status: 400, reason: 'invalid', message: 'not this one' });
    const [carried] = await carry(kit, keepDisks);
    assert.deepEqual(kept(vm.disks), ['data-1', 'data-2']);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried.entry.because ?? '', /^keep persistent-disk-0: .*not this one$/);
    const [entry] = await releaseStep(kit, keepDisks);
    assert.equal(entry?.state, 'undone', entry?.because);
    assert.deepEqual(kept(vm.disks), []);
  });

  it('claims no disk of which somebody else turned auto-delete off while the step waited for rights', async () => {
    const { kit, vm } = await threeDisks();
    const refusal = { kind: 'refuse', status: 403, reason: 'forbidden', times: 3 } as const;
    kit.world.compute.script({ ...refusal, method: 'Instances.SetDiskAutoDelete' });
    await carry(kit, keepDisks, undefined, 1);
    const [boot] = vm.disks;
    Object.assign(boot ?? {}, { autoDelete: false });
    const [carried] = await carry(kit, keepDisks);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven'], carried?.entry.because);
    assert.equal(carried?.entry.because, 'already off when this step looked: persistent-disk-0');
  });

  it('gives auto-delete back to the disks that are still attached at the release', async () => {
    const { kit, vm } = await threeDisks();
    await carry(kit, keepDisks);
    assert.equal(kept(vm.disks).length, 3);
    vm.disks.splice(1, 1);
    const [entry] = await releaseStep(kit, keepDisks);
    assert.equal(entry?.state, 'undone', entry?.because);
    assert.deepEqual(kept(vm.disks), []);
  });

  it('names on a release each disk of which the service does not find the VM, which is there', async () => {
    const { kit, vm } = await threeDisks();
    await carry(kit, keepDisks);
    const method = 'Instances.SetDiskAutoDelete';
    kit.world.compute.script({ method, kind: 'refuse', status: 404, reason: 'notFound' });
    const [entry] = await releaseStep(kit, keepDisks);
    assert.deepEqual(kept(vm.disks), ['persistent-disk-0']);
    assert.equal(entry?.state, 'not-undoable');
    assert.match(entry.because ?? '', /^auto-delete is still off for persistent-disk-0, although /);
  });

  it('leaves auto-delete off on a release for another disk that somebody has attached under the same device name', async () => {
    const { kit, vm } = await threeDisks();
    await carry(kit, keepDisks);
    const source = (vm.disks[1]?.source ?? '').replace(/[^/]+$/, 'copy');
    Object.assign(vm.disks[1] ?? assert.fail(), { source });
    const [entry] = await releaseStep(kit, keepDisks);
    assert.equal(entry?.state, 'undone', entry?.because);
    assert.deepEqual(kept(vm.disks), ['data-1']);
  });

  it('leaves auto-delete off on a release where it was off before', async () => {
    const { kit, vm } = await threeDisks();
    Object.assign(vm.disks[1] ?? assert.fail(), { autoDelete: false });
    await carry(kit, keepDisks);
    assert.equal(kept(vm.disks).length, 3);
    await releaseStep(kit, keepDisks);
    assert.deepEqual(kept(vm.disks), ['data-1']);
  });

  it('asks nothing of a local SSD, and says that it is lost with the VM', async () => {
    const { kit, vm } = await threeDisks();
    const [, , last] = vm.disks;
    assert.ok(last);
    const { source: _, ...local } = last;
    vm.disks[2] = { ...local, type: 'SCRATCH' };
    const [carried] = await carry(kit, keepDisks);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven'], carried?.entry.because);
    assert.equal(carried?.entry.because, 'local SSD data-2 is lost with the VM in any case');
    assert.deepEqual(kept(vm.disks), ['persistent-disk-0', 'data-1']);
  });

  it('says on a release that the VM is gone', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    await carry(kit, keepDisks);
    const { project, zone, instance } = subject.host ?? assert.fail();
    kit.world.compute.stranger.deleteInstance(`projects/${project}/zones/${zone}/instances/${instance}`);
    const [entry] = await releaseStep(kit, keepDisks);
    assert.equal(entry?.state, 'not-undoable');
    assert.match(entry.because ?? '', /is gone, or another VM now has its name/);
  });
});
