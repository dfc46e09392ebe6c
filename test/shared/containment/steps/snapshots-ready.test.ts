import { strict as assert } from 'node:assert';
import { keepDisks } from '../../../../shared/containment/steps/keep-disks.ts';
import { snapshotsReady } from '../../../../shared/containment/steps/snapshots-ready.ts';
import { startSnapshots } from '../../../../shared/containment/steps/start-snapshots.ts';
import { stepContract } from '../../../contracts/step.ts';
import { containmentKit, openIncident, podNamed, subjectOf } from '../../../kit/containment.ts';
import { carry, STEP_INCIDENT } from '../../../kit/step.ts';

stepContract({
  step: snapshotsReady,
  first: [startSnapshots],
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  stranger: (kit) => {
    for (const url of kit.world.compute.state.snapshots.keys()) kit.world.compute.stranger.endSnapshot(url, 'FAILED');
  },
});

describe('containment/steps/snapshots-ready', () => {
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
