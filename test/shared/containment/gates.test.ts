import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { addDisk } from '../../../local/world/compute/seed.ts';
import { run } from '../../../shared/containment/run.ts';
import { putIncident } from '../../../shared/incidents.ts';
import {
  CONTAIN,
  containmentKit,
  incidentOf,
  openIncident,
  playKiller,
  podNamed,
  setGoal,
  stateOfStep,
  subjectOf,
  vmOf,
} from '../../kit/containment.ts';
import { deliver, reach } from '../../kit/deliveries.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const DENIED = { kind: 'refuse', status: 403, reason: 'forbidden', actor: CONTAIN, method: 'Instances.Get' } as const;

const opened = async (tier: 'quarantine' | 'delete-workload') => {
  const kit = containmentKit();
  playKiller(kit);
  const pod = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  await openIncident(kit, 'i-1', [pod], tier);
  await deliver(kit, 'i-1', 100);
  const vm = () => vmOf(kit, pod.host);
  return { kit, pod, vm };
};

describe('the gate before a deletion', () => {
  it('takes the snapshot of its own incident, however old, instead of a new one', async () => {
    const { kit } = await opened('quarantine');
    const snapshots = () => [...kit.world.compute.state.snapshots.values()].map(({ id }) => id);
    const before = snapshots();
    assert.equal(before.length, 1);
    await kit.clock.advance(2 * HOUR_MS);
    await setGoal(kit, 'i-1', 'delete-workload');
    const incident = await deliver(kit, 'i-1', 100);
    assert.deepEqual(
      ['snapshots-ready', 'delete-workload'].map((step) => stateOfStep(incident, step)),
      ['applied', 'applied'],
    );
    assert.deepEqual(snapshots(), before);
  });

  it('checks the world again under each new goal, because what was kept once may be gone', async () => {
    const { kit, pod, vm } = await opened('delete-workload');
    const { state } = kit.world.compute;
    assert.equal(state.snapshots.size, 1);
    await kit.clock.advance(11 * MINUTE_MS);
    state.snapshots.clear();
    for (const disk of vm()?.disks ?? []) disk.autoDelete = true;
    await setGoal(kit, 'i-1', 'delete-host');
    const incident = await deliver(kit, 'i-1', 100);
    assert.equal(stateOfStep(incident, 'delete-host'), 'applied');
    assert.equal(vm(), undefined);
    assert.equal(state.snapshots.size, 1, 'the snapshot was not taken again');
    assert.ok(
      [...state.disks.keys()].some((url) => url.includes(pod.host?.node ?? '?')),
      'the disk went with the VM',
    );
  });

  it('is recorded as skipped for a node that is gone with its disks, and does not block the deletion', async () => {
    const kit = containmentKit();
    playKiller(kit);
    const pods = kit.cluster.list('v1', 'Pod').filter((pod) => pod.metadata.name.startsWith('cart-'));
    const [one, other] = pods.filter((pod, n) => pods.findIndex((p) => p.spec?.nodeName === pod.spec?.nodeName) === n);
    if (one === undefined || other === undefined) throw new Error('the seeded cart runs on two nodes');
    const subjects = [await subjectOf(kit, one), await subjectOf(kit, other)];
    const lost = subjects[1]?.host;
    const { instances } = kit.world.compute.state;
    for (const [url, { id }] of instances) if (id === lost?.id) instances.delete(url);
    kit.cluster.drop({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: other.metadata.name });
    kit.cluster.drop({ apiVersion: 'v1', kind: 'Node', name: lost?.node ?? '' });
    await openIncident(kit, 'i-1', subjects, 'delete-workload');
    const incident = await deliver(kit, 'i-1', 100);
    const gates = incident.journal.filter((e) => e.step === 'snapshots-ready').map((e) => `${e.state} ${e.proof}`);
    assert.deepEqual(gates, ['applied proven', 'skipped proven']);
    assert.equal(stateOfStep(incident, 'delete-workload'), 'applied');
  });

  it('does not rely on disks that an earlier episode kept', async () => {
    const kit = containmentKit();
    const pod = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const { state } = kit.world.compute;
    const vm = () => vmOf(kit, pod.host);
    await openIncident(kit, 'i-1', [pod], 'isolate');
    await deliver(kit);
    await reach(kit, 'i-1', 'closed');
    await kit.clock.advance(5 * HOUR_MS);
    for (const disk of vm()?.disks ?? []) disk.autoDelete = true;
    state.snapshots.clear();
    state.durations.snapshot = 2 * MINUTE_MS;
    const next = await openIncident(kit, 'i-2', [pod], 'delete-host', { requested: true });
    await putIncident(kit.ports, { ...next, takesOver: 'i-1' }, next.rev);
    assert.equal(stateOfStep(await deliver(kit, 'i-2'), 'delete-host'), 'applied');
    assert.ok(
      [...state.disks.keys()].some((url) => url.endsWith('-c1')),
      'the disk went with the VM',
    );
  });

  it('notices a disk that was attached after the previous goal', async () => {
    for (const first of ['snapshot', 'delete-workload'] as const) {
      const kit = containmentKit();
      playKiller(kit);
      const pod = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      const { state } = kit.world.compute;
      await openIncident(kit, 'i-1', [pod], first);
      await deliver(kit, 'i-1', 100);
      const vm = vmOf(kit, pod.host) ?? assert.fail();
      const disk = addDisk(state, { project: 'p1', zone: vm.zone.split('/').at(-1) ?? '', name: 'claim-1' });
      const [boot = assert.fail()] = vm.disks;
      vm.disks.push({ ...boot, deviceName: 'claim-1', index: 1, boot: false, autoDelete: true, source: disk.selfLink });
      await kit.clock.advance(20 * MINUTE_MS);
      const then = first === 'snapshot' ? 'delete-workload' : 'delete-host';
      await setGoal(kit, 'i-1', then);
      const incident = await deliver(kit, 'i-1', 200);
      assert.equal(stateOfStep(incident, then), 'applied', then);
      const kept = [...state.snapshots.values()].map(({ sourceDisk }) => sourceDisk);
      assert.ok(kept.includes(disk.selfLink), 'it has no snapshot');
      assert.ok(
        [...state.disks.keys()].some((url) => url.endsWith('claim-1')),
        'it went with the VM',
      );
    }
  });

  it('keeps a disk that was attached after the disks had been left half-kept', async () => {
    for (const how of ['lowered', 'closed', 'lowered for another'] as const) {
      const kit = containmentKit();
      const pod = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      const { state } = kit.world.compute;
      state.durations.snapshot = 40 * MINUTE_MS;
      state.scripts.push({ ...DENIED, method: 'Instances.SetDiskAutoDelete', times: 2 });
      await openIncident(kit, 'i-1', [pod], 'quarantine');
      const sleep = async (ms: number): Promise<void> => {
        const incident = await incidentOf(kit, 'i-1');
        if (stateOfStep(incident, 'keep-disks') === 'pending') {
          if (how !== 'closed') kit.cap.now = { tier: 'snapshot', mode: 'act', because: ['snapshot at most, by now'] };
          else if (incident.goal?.tier !== 'closed') await setGoal(kit, 'i-1', 'closed');
        }
        return kit.clock.sleep(ms);
      };
      await kit.clock.drive(run({ ...kit.ports, clock: { ...kit.clock, sleep } }, 'i-1'));
      const { subjects } = await deliver(kit);
      const vm = vmOf(kit, pod.host) ?? assert.fail();
      const disk = addDisk(state, { project: 'p1', zone: vm.zone.split('/').at(-1) ?? '', name: 'claim-1' });
      const [boot = assert.fail()] = vm.disks;
      vm.disks.push({ ...boot, deviceName: 'claim-1', index: 1, boot: false, autoDelete: true, source: disk.selfLink });
      await kit.clock.advance(HOUR_MS);
      kit.cap.now = { tier: 'delete-host', mode: 'act', because: [] };
      if (how === 'lowered') await setGoal(kit, 'i-1', 'delete-host');
      else {
        if (how === 'lowered for another') {
          await reach(kit, 'i-1', 'closed');
        }
        const next = await openIncident(kit, 'i-2', subjects, 'delete-host', { requested: true });
        if (how === 'closed') await putIncident(kit.ports, { ...next, takesOver: 'i-1' }, next.rev);
      }
      const incident = await deliver(kit, how === 'lowered' ? 'i-1' : 'i-2', 200);
      assert.deepEqual(
        ['snapshots-ready', 'delete-host'].map((step) => stateOfStep(incident, step)),
        ['failed', 'applied'],
      );
      assert.ok(
        [...state.disks.keys()].some((url) => url.endsWith('claim-1')),
        `it went with the VM: ${how}`,
      );
    }
  });

  it('keeps a disk that was attached while the disks were still being kept under the previous goal', async () => {
    for (const by of ['i-1', 'i-2']) {
      const kit = containmentKit();
      const pod = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      const { state } = kit.world.compute;
      state.durations.snapshot = 40 * MINUTE_MS;
      const slow = { kind: 'slow', ms: 8 * MINUTE_MS, method: 'Instances.SetDiskAutoDelete', actor: CONTAIN } as const;
      state.scripts.push({ ...slow, times: 1 });
      await openIncident(kit, 'i-1', [pod], 'quarantine');
      await kit.clock.drive(run(kit.ports, 'i-1'));
      assert.equal(stateOfStep(await incidentOf(kit, 'i-1'), 'keep-disks'), 'pending');
      const vm = vmOf(kit, pod.host) ?? assert.fail();
      const disk = addDisk(state, { project: 'p1', zone: vm.zone.split('/').at(-1) ?? '', name: 'claim-1' });
      const [boot = assert.fail()] = vm.disks;
      vm.disks.push({ ...boot, deviceName: 'claim-1', index: 1, boot: false, autoDelete: true, source: disk.selfLink });
      if (by === 'i-1') await setGoal(kit, 'i-1', 'delete-host');
      else {
        await reach(kit, 'i-1', 'closed');
        await openIncident(kit, 'i-2', [pod], 'delete-host', { requested: true });
      }
      const incident = await deliver(kit, by, 200);
      assert.equal(stateOfStep(incident, 'delete-host'), 'applied');
      assert.ok(
        [...state.disks.keys()].some((url) => url.endsWith('claim-1')),
        `it went with the VM of ${by}`,
      );
      const sent = state.calls.filter(({ method }) => method === 'Instances.SetDiskAutoDelete');
      assert.equal(sent.length, 2, 'a disk was kept twice');
    }
  });

  it('stays shut, so that the deletion is refused, if reading the disks is denied for 15 minutes', async () => {
    const { kit } = await opened('quarantine');
    kit.world.compute.state.scripts.push({ ...DENIED, times: 100_000 });
    const incident = await reach(kit, 'i-1', 'delete-host');
    assert.match(incident.journal.find((e) => e.step === 'keep-disks')?.because ?? '', /^denied for 15 minutes/);
    assert.equal(stateOfStep(incident, 'delete-host'), 'refused');
  });

  it('notices a disk that was attached while reading the disks was denied', async () => {
    const { kit, vm } = await opened('quarantine');
    const { state } = kit.world.compute;
    state.scripts.push({ ...DENIED, times: 100_000 });
    await setGoal(kit, 'i-1', 'delete-host');
    await kit.clock.drive(run(kit.ports, 'i-1'));
    assert.equal(stateOfStep(await incidentOf(kit, 'i-1'), 'keep-disks'), 'pending');
    state.scripts = [];
    const disks = vm()?.disks ?? [];
    const zone = vm()?.zone.split('/').at(-1) ?? '';
    const disk = addDisk(state, { project: 'p1', zone, name: 'claim-1' });
    const [boot = assert.fail()] = disks;
    disks.push({ ...boot, deviceName: 'claim-1', index: 1, boot: false, autoDelete: true, source: disk.selfLink });
    await kit.clock.advance(MINUTE_MS);
    assert.equal(stateOfStep(await deliver(kit), 'delete-host'), 'applied');
    assert.ok(
      [...state.disks.keys()].some((url) => url.endsWith('claim-1')),
      'it went with the VM',
    );
  });

  it('waits for kept disks again after the deletion has failed once', async () => {
    const kit = containmentKit();
    const pod = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const { state } = kit.world.compute;
    const refused = { kind: 'refuse', status: 400, reason: 'invalid', actor: CONTAIN, times: 5 } as const;
    state.scripts.push({ ...refused, method: 'InstanceGroupManagers.DeleteInstances' });
    state.scripts.push({ ...refused, method: 'Instances.Delete' });
    await openIncident(kit, 'i-1', [pod], 'delete-host', { requested: true });
    assert.equal(stateOfStep(await deliver(kit), 'delete-host'), 'failed');
    const vm = vmOf(kit, pod.host);
    for (const disk of vm?.disks ?? []) disk.autoDelete = true;
    state.scripts = [{ kind: 'slow', ms: 30_000, method: 'Instances.SetDiskAutoDelete', actor: CONTAIN }];
    const incident = await reach(kit, 'i-1', 'delete-host');
    assert.match(incident.journal.find((e) => e.step === 'delete-host')?.because ?? '', /^disks kept: .*-c1$/);
    assert.ok(
      [...state.disks.keys()].some((url) => url.endsWith('-c1')),
      'the disk went with the VM',
    );
  });
});
