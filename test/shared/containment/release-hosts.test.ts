import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { run } from '../../../shared/containment/run.ts';
import { Transient } from '../../../shared/errors.ts';
import type { Goal } from '../../../shared/model/decision.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import { timeOf } from '../../../shared/model/time.ts';
import {
  CONTAIN,
  containmentKit,
  incidentOf,
  neighboursIn,
  openIncident,
  setGoal,
  vmOf,
} from '../../kit/containment.ts';
import { deliver, reach, TICK_MS } from '../../kit/deliveries.ts';

/** Two workloads on one node. The first has an incident, whose goal has been delivered once. */
const onNode = async (tier: Goal['tier'] = 'quarantine', operationMs?: number, hasAddress = true) => {
  const kit = containmentKit();
  const { cart, other, host } = await neighboursIn(kit);
  if (!hasAddress) for (const nic of vmOf(kit, host)?.networkInterfaces ?? []) nic.accessConfigs = [];
  await openIncident(kit, 'i-1', [cart], tier);
  if (operationMs === undefined) await deliver(kit);
  else {
    kit.world.compute.state.durations.running = operationMs;
    await kit.clock.drive(run(kit.ports, 'i-1'));
  }
  const { hosts } = kit.ports.stores;
  return {
    kit,
    other,
    isCordoned: () => kit.cluster.list('v1', 'Node').some((node) => node.spec?.unschedulable === true),
    onHost: async () => (await hosts.get(host.id)) ?? assert.fail(),
    /** Leases the host to another incident's run. */
    lease: async (seconds: number) => {
      const known = (await hosts.get(host.id)) ?? assert.fail();
      const until = timeOf(kit.clock.now() + seconds * 1000);
      await hosts.put(host.id, { ...known, lease: { owner: 'i-2', token: 'theirs', until } }, known.rev);
    },
    copies: async (id: string) => (await incidentOf(kit, id)).journal.filter((e) => e.host === host.id),
  };
};

describe('a release of a host', () => {
  it('waits for another incident’s run on the host, and goes on in the same delivery', async () => {
    const { kit, isCordoned, lease } = await onNode();
    await lease(30);
    await setGoal(kit, 'i-1', 'released');
    await kit.clock.drive(run(kit.ports, 'i-1'));
    assert.equal((await incidentOf(kit, 'i-1')).state, 'released');
    assert.equal(isCordoned(), false);
  });

  it('comes again where the other run takes longer, and changes nothing on the host meanwhile', async () => {
    const { kit, isCordoned, lease } = await onNode();
    await lease(600);
    await setGoal(kit, 'i-1', 'released');
    await assert.rejects(kit.clock.drive(run(kit.ports, 'i-1')), (thrown: Error) => {
      assert.ok(thrown instanceof Transient, String(thrown));
      return /another incident's run still works on gke-/.test(thrown.message);
    });
    assert.equal(isCordoned(), true);
    await kit.clock.advance(10 * TICK_MS);
    assert.equal((await deliver(kit)).state, 'released');
    assert.equal(isCordoned(), false);
  });

  it('reconnects a node before it may be scheduled to, also where its cordon had to wait and came after the cut', async () => {
    const { kit, onHost } = await onNode('isolate');
    const host = await onHost();
    const isCordon = ({ step }: Entry): boolean => step === 'cordon-node';
    const journal = [...host.journal.filter((e) => !isCordon(e)), ...host.journal.filter(isCordon)];
    await kit.ports.stores.hosts.put(host.id, { ...host, journal }, host.rev);
    assert.equal((await reach(kit, 'i-1', 'released')).state, 'released');
    const changed = kit.world.log
      .by(CONTAIN)
      .filter(({ change }) => 'tags.items' in change || 'spec.unschedulable' in change);
    assert.deepEqual(
      changed.slice(-2).map(({ object }) => object.split(' ')[0]),
      ['instances', 'Node'],
    );
  });

  it('shows as undone what a run had undone on the host before it died', async () => {
    const { kit, onHost } = await onNode();
    const host = await onHost();
    for (const state of ['undone', 'not-undoable'] as const) {
      const known = await onHost();
      const journal = host.journal.map((e) =>
        e.step === 'cordon-node' ? { ...e, state, because: 'by the first run' } : e,
      );
      await kit.ports.stores.hosts.put(host.id, { ...known, holders: ['i-1'], journal }, known.rev);
      const incident = await incidentOf(kit, 'i-1');
      const copies = incident.journal.map((e) => (e.step === 'cordon-node' ? { ...e, state: 'applied' as const } : e));
      await kit.ports.stores.incidents.put(incident.id, { ...incident, journal: copies }, incident.rev);
      const copy = (await reach(kit, 'i-1', 'released')).journal.find((e) => e.step === 'cordon-node');
      assert.deepEqual([copy?.state, copy?.because], [state, 'by the first run']);
      assert.equal('before' in (copy ?? {}), false, 'the before-image stays with the host');
    }
  });

  it('says of each change in force who keeps it, and leaves what was not done as it was', async () => {
    const { kit, other, isCordoned, copies } = await onNode('isolate', undefined, false);
    await openIncident(kit, 'i-2', [other], 'isolate');
    await deliver(kit, 'i-2');
    const before = await copies('i-1');
    assert.ok(before.some((e) => e.state === 'applied') && before.some((e) => e.state !== 'applied'));
    assert.equal((await reach(kit, 'i-1', 'released')).state, 'released');
    for (const e of await copies('i-1')) {
      const was = before.find(({ step }) => step === e.step);
      assert.equal(e.state, was?.state, e.step);
      assert.equal(e.because, e.state === 'applied' ? 'kept: held by i-2' : was?.because, e.step);
    }
    assert.equal(isCordoned(), true);
  });

  it('says of a step under way that another incident goes on with it, and of one that had not begun that it never did', async () => {
    for (const isHeld of [true, false]) {
      const { kit, other, copies } = await onNode('isolate', 10 * 60_000);
      if (isHeld) {
        await openIncident(kit, 'i-2', [other], 'isolate');
        await kit.clock.drive(run(kit.ports, 'i-2'));
      }
      const open = (await copies('i-1')).filter((e) => e.state === 'pending' && e.requestId !== undefined);
      assert.ok(open.length > 0, 'nothing is under way');
      await reach(kit, 'i-1', 'released');
      const after = (await incidentOf(kit, 'i-1')).journal;
      for (const { step } of open) {
        const e = after.find((one) => one.step === step);
        if (isHeld)
          assert.deepEqual(
            [e?.state, e?.proof, e?.because],
            ['applied', 'not proven', 'was under way; kept: held by i-2'],
            step,
          );
        else assert.doesNotMatch(e?.because ?? '', /kept/, step);
      }
    }
  }).timeout(60_000);
});
