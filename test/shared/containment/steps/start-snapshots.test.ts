import { strict as assert } from 'node:assert';
import { startSnapshots } from '../../../../shared/containment/steps/start-snapshots.ts';
import { stepContract } from '../../../contracts/step.ts';
import {
  containmentKit,
  incidentOf,
  openIncident,
  podNamed,
  regionalSubject,
  subjectOf,
  vmOf,
} from '../../../kit/containment.ts';
import { deliver } from '../../../kit/deliveries.ts';
import { carry, STEP_INCIDENT } from '../../../kit/step.ts';

stepContract({
  step: startSnapshots,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [
    async (kit) => {
      // The call is accepted and its operation fails on quota. Only then does the step read the operation.
      const method = 'Snapshots.Insert';
      kit.world.compute.script({ method, kind: 'fail-operation', code: 'QUOTA_EXCEEDED', status: 429 });
      return regionalSubject(kit);
    },
  ],
  stranger: (kit) => {
    for (const url of kit.world.compute.state.snapshots.keys()) kit.world.compute.stranger.endSnapshot(url, 'FAILED');
  },
});

describe('containment/steps/start-snapshots', () => {
  it('stores each snapshot in the region of its disk, where a location policy allows it as it allowed the disk', async () => {
    const kit = containmentKit();
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
    await carry(kit, startSnapshots);
    const stored = [...kit.world.compute.state.snapshots.values()].map(({ storageLocations }) => storageLocations);
    assert.ok(stored.length > 0);
    for (const locations of stored) assert.deepEqual(locations, ['europe-west1']);
  });

  for (const message of [
    'Location eu violates constraint constraints/gcp.resourceLocations on the resource projects/p1/global/snapshots/s.',
    'Operation denied by custom org policies: ["customConstraints/custom.snapshots": "No snapshots here"]',
    'Multiple constraints were violated. See details for more information.',
  ])
    it(`fails at once where an organization policy refuses: ${message}`, async () => {
      const kit = containmentKit();
      await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'quarantine');
      kit.world.compute.script({
        method: 'Snapshots.Insert',
        kind: 'refuse',
        status: 412,
        reason: 'conditionNotMet',
        message,
        times: 1_000_000,
      });
      const incident = await deliver(kit);
      const states = Object.fromEntries(incident.journal.map(({ step, state }) => [step, state]));
      assert.equal(states['start-snapshots'], 'failed');
      assert.equal(states['quarantine-pod'], 'applied');
      const failed = incident.journal.find(({ step }) => step === 'start-snapshots');
      const because = failed?.because ?? '';
      assert.ok(because.startsWith('no snapshot: snapshot of gke-') && because.includes(message), because);
      const [, disk = ''] = / of (gke-[\w-]+)/.exec(because) ?? [];
      assert.equal(because.split(disk).length - 1, 1, 'the disk is named once');
      assert.equal(incident.state, 'contained');
    });

  it('fails with the reason where the quota for snapshots is used up for good, and containment ends', async () => {
    const kit = containmentKit();
    await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'quarantine');
    const refusal = { kind: 'refuse', status: 403, reason: 'quotaExceeded', times: 1_000_000 } as const;
    kit.world.compute.script({ ...refusal, method: 'Snapshots.Insert' });
    const incident = await deliver(kit);
    assert.equal(incident.state, 'contained');
    const [entry] = incident.journal;
    assert.deepEqual([entry?.step, entry?.state], ['start-snapshots', 'failed']);
    assert.match(
      entry?.because ?? '',
      /no snapshot of gke-[\w-]+ in 12 minutes; snapshot of gke-[\w-]+: .*403 quotaExceeded/,
    );
  });

  it('goes on after twelve minutes where a snapshot is still being uploaded, and is not proven', async () => {
    const kit = containmentKit();
    kit.world.compute.state.durations.snapshot = 60 * 60_000;
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'quarantine');
    const began = kit.clock.now();
    const [carried] = await carry(kit, startSnapshots);
    assert.ok(kit.clock.now() - began >= 12 * 60_000);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'not proven']);
    assert.match(carried?.entry.because ?? '', /^still being uploaded; not READY: gke-[\w-]+$/);
    // The longer it takes, the fewer looks: every two seconds they would be 360, which no quota has for many clusters.
    const looks = kit.world.compute.state.calls.filter(({ method }) => method === 'Snapshots.List');
    assert.ok(looks.length < 100, `${looks.length}`);
  });

  it('has its turn where another incident has just taken a snapshot, which the service allows every ten minutes', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    await openIncident(kit, 'i-0', [subject], 'snapshot');
    await deliver(kit, 'i-0');
    await openIncident(kit, STEP_INCIDENT, [subject], 'snapshot');
    const [carried] = await carry(kit, startSnapshots);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven']);
    assert.equal(kit.world.compute.state.snapshots.size, 2);
  });

  it('takes one snapshot of a disk that two nodes of the incident share, though both are looked at at once', async () => {
    const kit = containmentKit();
    const [cart, shell] = await Promise.all(
      ['cart-', 'debug-shell'].map((start) => subjectOf(kit, podNamed(kit, 'shop', start))),
    );
    const [one, other] = [vmOf(kit, cart?.host), vmOf(kit, shell?.host)];
    if (cart === undefined || shell === undefined || other === undefined) return assert.fail();
    const [disk = assert.fail()] = one?.disks ?? [];
    other.disks.push({ ...disk, boot: false, deviceName: 'shared', mode: 'READ_ONLY' });
    await openIncident(kit, 'i-1', [cart, shell], 'snapshot');
    const { journal } = await deliver(kit);
    const told = journal.filter(({ step }) => step === 'start-snapshots');
    assert.deepEqual(
      told.map(({ state, proof }) => [state, proof]),
      [
        ['applied', 'proven'],
        ['applied', 'proven'],
      ],
    );
    const sources = [...kit.world.compute.state.snapshots.values()].map(({ sourceDisk }) => sourceDisk);
    assert.deepEqual([sources.length, new Set(sources).size], [2, 2]);
  });

  it('fails with the reason where the operation of a snapshot fails', async () => {
    const kit = containmentKit();
    const method = 'Snapshots.Insert';
    kit.world.compute.script({ method, kind: 'fail-operation', code: 'INVALID_USAGE', status: 400, times: 100 });
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'quarantine');
    const [carried] = await carry(kit, startSnapshots);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried?.entry.because ?? '', /^no snapshot: gke-[\w-]+: INVALID_USAGE/);
  });

  it('takes no snapshot where a recent one is READY, and names that', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    await openIncident(kit, 'i-0', [subject], 'snapshot');
    await deliver(kit, 'i-0');
    const [{ name } = assert.fail()] = kit.world.compute.state.snapshots.values();
    await openIncident(kit, STEP_INCIDENT, [subject], 'snapshot', {});
    const known = await incidentOf(kit, STEP_INCIDENT);
    const { firstAt } = (await incidentOf(kit, 'i-0')).summary;
    await kit.ports.stores.incidents.put(known.id, { ...known, summary: { ...known.summary, firstAt } }, known.rev);
    const [carried] = await carry(kit, startSnapshots);
    assert.deepEqual([carried?.entry.proof, carried?.entry.because], ['proven', `snapshot ${name}`]);
    assert.equal(kit.world.compute.state.snapshots.size, 1);
  });
});
