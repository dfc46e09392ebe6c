import { strict as assert } from 'node:assert';
import { run } from '../../../shared/containment/run.ts';
import { isWanted } from '../../../shared/decision/state.ts';
import { timeOf } from '../../../shared/model/time.ts';
import {
  CONTAIN,
  changesOf,
  containmentKit,
  incidentOf,
  type Kit,
  openIncident,
  podNamed,
  setGoal,
  stateOfStep,
  subjectOf,
} from '../../kit/containment.ts';
import { deliver } from '../../kit/deliveries.ts';

/** How Compute Engine answers calls that are too many for this minute. */
const REFUSED = { kind: 'refuse', status: 403, reason: 'rateLimitExceeded', actor: CONTAIN, times: 1_000_000 } as const;
const HOUR_MS = 60 * 60_000;

const opened = async (): Promise<Kit> => {
  const kit = containmentKit();
  await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
  return kit;
};

describe('a run for which Compute Engine has no call left in this minute', () => {
  it('ends without a fault, cuts off the pod, and lets each step of the VM wait for the tick', async () => {
    const kit = await opened();
    kit.world.compute.script({ ...REFUSED, method: '*' });
    await kit.clock.drive(run(kit.ports, 'i-1'));
    const incident = await incidentOf(kit, 'i-1');
    assert.equal(stateOfStep(incident, 'quarantine-pod'), 'applied');
    for (const step of ['start-snapshots', 'keep-disks', 'leave-group']) {
      const entry = incident.journal.find((e) => e.step === step);
      assert.equal(entry?.state, 'pending', step);
      assert.match(entry.because ?? '', /^tried again from \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: .*rateLimitExceeded/);
    }
    assert.equal(isWanted(incident, timeOf(kit.clock.now())), false);
    assert.ok(incident.dueAt !== undefined && incident.dueAt <= timeOf(kit.clock.now() + 60_000));
  });

  it('asks again after any number of minutes, and makes each change once', async () => {
    const kit = await opened();
    kit.world.compute.script({ ...REFUSED, method: '*' });
    const until = kit.clock.now() + HOUR_MS;
    while (kit.clock.now() < until) {
      await kit.clock.drive(run(kit.ports, 'i-1'));
      await kit.clock.advance(60_000);
    }
    kit.world.compute.state.scripts = [];
    const incident = await deliver(kit);
    assert.equal(incident.state, 'contained');
    assert.deepEqual(
      incident.journal.filter((e) => e.state === 'failed' || e.state === 'refused').map(({ step }) => step),
      [],
    );
    const changes = changesOf(kit);
    assert.equal(new Set(changes).size, changes.length);
  });

  it('goes on with a change that it had begun, from the before-image that it has', async () => {
    const kit = await opened();
    kit.world.compute.script({ ...REFUSED, method: 'Instances.SetTags' });
    await kit.clock.drive(run(kit.ports, 'i-1'));
    await kit.clock.advance(60_000);
    const begun = (await incidentOf(kit, 'i-1')).journal.find((e) => e.step === 'deny-node-network');
    assert.equal(begun?.state, 'pending');
    assert.ok(begun.requestId !== undefined);
    kit.world.compute.state.scripts = [];
    const cut = (await deliver(kit)).journal.find((e) => e.step === 'deny-node-network');
    assert.deepEqual([cut?.state, cut?.proof, cut?.requestId], ['applied', 'proven', begun.requestId]);
  });

  it('takes a change back later, however long that takes', async () => {
    const kit = await opened();
    await deliver(kit);
    await setGoal(kit, 'i-1', 'released');
    kit.world.compute.script({ ...REFUSED, method: '*' });
    for (const _ of Array.from({ length: 30 })) {
      await kit.clock.drive(run(kit.ports, 'i-1'));
      await kit.clock.advance(60_000);
    }
    assert.equal(stateOfStep(await incidentOf(kit, 'i-1'), 'deny-node-network'), 'applied');
    kit.world.compute.state.scripts = [];
    const released = await deliver(kit);
    assert.deepEqual([released.state, stateOfStep(released, 'deny-node-network')], ['released', 'undone']);
  });
});
