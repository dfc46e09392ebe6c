import { strict as assert } from 'node:assert';
import { keepDisks } from '../../../../shared/containment/steps/keep-disks.ts';
import { snapshotsReady } from '../../../../shared/containment/steps/snapshots-ready.ts';
import { startSnapshots } from '../../../../shared/containment/steps/start-snapshots.ts';
import type { Entry } from '../../../../shared/model/entry.ts';
import { timeOf } from '../../../../shared/model/time.ts';
import { stepContract } from '../../../contracts/step.ts';
import { containmentKit, incidentOf, type Kit, openIncident, podNamed, subjectOf } from '../../../kit/containment.ts';
import { attachDisk } from '../../../kit/disks.ts';
import { carry, STEP_INCIDENT } from '../../../kit/step.ts';

stepContract({
  step: snapshotsReady,
  first: [startSnapshots],
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  stranger: (kit) => {
    for (const url of kit.world.compute.state.snapshots.keys()) kit.world.compute.stranger.endSnapshot(url, 'FAILED');
  },
});

const MINUTE_MS = 60_000;

/** A pod's node with two disks, whose snapshots take this long once they are asked for. */
const onNode = async (minutes: number, change: (kit: Kit) => void = () => undefined) => {
  const kit = containmentKit();
  kit.world.compute.state.durations.snapshot = minutes * MINUTE_MS;
  const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  attachDisk(kit, subject.host, 'data-1', 'disk');
  change(kit);
  await openIncident(kit, STEP_INCIDENT, [subject], 'delete-workload');
  return { kit, subject };
};

describe('containment/steps/snapshots-ready', () => {
  it('stays shut until the snapshot of every disk is READY', async () => {
    const { kit } = await onNode(20);
    await carry(kit, startSnapshots, undefined, 1);
    const [shut] = await carry(kit, snapshotsReady, undefined, 3);
    assert.equal(shut?.entry.state, 'pending');
    assert.match(shut?.entry.because ?? '', /^not READY: gke-[\w-]+, data-1$/);
    const [first = assert.fail()] = kit.world.compute.state.snapshots.keys();
    await kit.clock.advance(MINUTE_MS);
    kit.world.compute.stranger.endSnapshot(first, 'READY');
    const [half] = await carry(kit, snapshotsReady, undefined, 3);
    assert.equal(half?.entry.state, 'pending');
    const [open] = await carry(kit, snapshotsReady);
    assert.deepEqual([open?.entry.state, open?.entry.proof, open?.entry.because], ['applied', 'proven', undefined]);
    const states = [...kit.world.compute.state.snapshots.values()].map(({ status }) => status);
    assert.deepEqual(states, ['READY', 'READY']);
  });

  it('stays shut for good where a snapshot is not READY after 30 minutes', async () => {
    const { kit } = await onNode(600);
    await carry(kit, startSnapshots, undefined, 1);
    const [shut] = await carry(kit, snapshotsReady);
    assert.equal(shut?.entry.state, 'failed');
    assert.match(shut?.entry.because ?? '', /^not READY: gke-[\w-]+, data-1/);
  });

  it('does not wait for snapshots that could not be taken of this node, and waits where another step failed', async () => {
    const { kit } = await onNode(600, ({ world }) => {
      const refusal = { kind: 'refuse', status: 403, reason: 'quotaExceeded', times: 1_000_000 } as const;
      world.compute.script({ ...refusal, method: 'Snapshots.Insert' });
    });
    const other = await onNode(600);
    const [started] = await carry(kit, startSnapshots);
    assert.equal(started?.entry.state, 'failed');
    const [shut] = await carry(kit, snapshotsReady, undefined, 1);
    assert.equal(shut?.entry.state, 'failed');
    assert.match(shut?.entry.because ?? '', /^no snapshot to wait for: no snapshot of .* in 12 minutes/);

    const failed = (given: Partial<Entry>): Entry => ({
      ...{ step: 'start-snapshots', subject: 'n', uid: '1', state: 'failed', proof: null, rev: 1 },
      startedAt: timeOf(other.kit.clock.now()),
      ...given,
    });
    const { incidents } = other.kit.ports.stores;
    const known = await incidentOf(other.kit, STEP_INCIDENT);
    const journal = [failed({}), failed({ step: 'keep-disks', uid: other.subject.host?.id ?? '' })];
    await incidents.put(known.id, { ...known, journal }, known.rev);
    const [waiting] = await carry(other.kit, snapshotsReady, undefined, 2);
    assert.equal(waiting?.entry.state, 'pending');
  });

  it('opens where a disk cannot be kept, and names what is lost with the VM', async () => {
    const { kit, subject } = await onNode(1);
    attachDisk(kit, subject.host, 'ssd-0', 'local SSD');
    attachDisk(kit, subject.host, 'own-key', 'disk', true);
    const [started] = await carry(kit, startSnapshots);
    assert.match(
      started?.entry.because ?? '',
      /^snapshots fb-\w+, fb-\w+; not possible for local SSD ssd-0, own-key \(encrypted with a key that only its owner/,
    );
    const [open] = await carry(kit, snapshotsReady);
    assert.deepEqual([open?.entry.state, open?.entry.proof], ['applied', 'proven']);
    assert.match(open?.entry.because ?? '', /^lost with the VM: local SSD ssd-0, own-key \(encrypted/);
  });

  it('names what is lost where a disk of the VM is no longer there', async () => {
    const { kit } = await onNode(1);
    for (const [step, because] of [
      [startSnapshots, /^snapshot fb-\w+; not possible for \S+ \(no longer there\)$/],
      [snapshotsReady, /^lost with the VM: \S+ \(no longer there\)$/],
    ] as const) {
      kit.world.compute.script({ method: 'Disks.Get', kind: 'refuse', status: 404, reason: 'notFound' });
      const [carried] = await carry(kit, step);
      assert.match(carried?.entry.because ?? '', because);
    }
  });

  it('opens where no disk can be kept at all, and names them', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    attachDisk(kit, subject.host, 'ssd-0', 'local SSD');
    kit.world.compute.state.instances
      .get(`projects/p1/zones/${subject.host?.zone}/instances/${subject.host?.instance}`)
      ?.disks.splice(0, 1);
    await openIncident(kit, STEP_INCIDENT, [subject], 'delete-workload');
    for (const step of [startSnapshots, snapshotsReady]) {
      const [carried] = await carry(kit, step);
      assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['skipped', 'proven'], step.id);
      assert.equal(carried?.entry.because, 'no disk can be snapshotted here; lost with the VM: local SSD ssd-0');
    }
  });

  it('fails for a disk of an unknown type, while the other steps keep the known disks', async () => {
    const kit = containmentKit();
    const { instance } = kit.ports.compute;
    kit.ports.compute = {
      ...kit.ports.compute,
      instance: async (ref) => {
        const vm = await instance(ref);
        const odd = { deviceName: 'odd-0', boot: false, autoDelete: false, type: 'UNKNOWN', mode: 'x' } as const;
        return vm === undefined ? undefined : { ...vm, disks: [...vm.disks, odd] };
      },
    };
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'delete-workload');
    const [started] = await carry(kit, startSnapshots);
    const [kept] = await carry(kit, keepDisks);
    const [ready] = await carry(kit, snapshotsReady);
    assert.deepEqual([started?.entry.state, started?.entry.proof], ['applied', 'not proven']);
    assert.match(started?.entry.because ?? '', /odd-0: a disk of unknown type/);
    assert.equal(kept?.entry.state, 'applied');
    assert.deepEqual([ready?.entry.state, ready?.entry.because?.slice(0, 5)], ['failed', 'odd-0']);
  });
});
