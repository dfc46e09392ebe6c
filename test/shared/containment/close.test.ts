import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { run } from '../../../shared/containment/run.ts';
import {
  containmentKit,
  incidentOf,
  type Kit,
  openIncident,
  podNamed,
  setGoal,
  subjectOf,
} from '../../kit/containment.ts';
import { crashing } from '../../kit/crash.ts';

const LEASE_AND_MORE = 61_000;

const isolated = async (kit: Kit, id: string) => {
  const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  await openIncident(kit, id, [subject], 'isolate');
  await kit.clock.drive(run(kit.ports, id));
  return subject;
};

const deliver = async (kit: Kit, id: string): Promise<void> => {
  for (let deliveries = 0; deliveries < 20; deliveries += 1) {
    await kit.clock.drive(run(kit.ports, id));
    const { goal, run: done } = await incidentOf(kit, id);
    if (goal?.rev === done.rev) return;
    await kit.clock.advance(LEASE_AND_MORE);
  }
  assert.fail(`${id} did not reach its goal in 20 deliveries`);
};

describe('a close requested while a release undoes a host', () => {
  it('ends the undo, so that another incident can hold the host again', async () => {
    const kit = containmentKit();
    const subject = await isolated(kit, 'i-1');
    const hostId = subject.host?.id ?? '';
    await setGoal(kit, 'i-1', 'released');
    // The run dies as soon as it has begun to undo the host.
    const isUndoing = async () => (await kit.ports.stores.hosts.get(hostId))?.undoing !== undefined;
    for (let call = 1; !(await isUndoing()); call += 1) {
      assert.ok(call < 300, 'the release never began to undo the host');
      const dying = crashing(kit.ports, { call, when: 'after' });
      await kit.clock.drive(run(dying.ports, 'i-1'), dying.crashed);
      await kit.clock.advance(LEASE_AND_MORE);
    }
    await setGoal(kit, 'i-1', 'closed');
    await deliver(kit, 'i-1');
    assert.equal((await incidentOf(kit, 'i-1')).state, 'closed');
    const host = await kit.ports.stores.hosts.get(hostId);
    assert.deepEqual([host?.undoing, host?.lease, host?.holders], [undefined, undefined, ['i-1']]);

    await openIncident(kit, 'i-2', [subject], 'isolate');
    await deliver(kit, 'i-2');
    assert.equal((await incidentOf(kit, 'i-2')).state, 'contained');
  });
});
