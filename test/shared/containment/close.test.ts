import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { QUARANTINE_TAG } from '../../../shared/containment/quarantine-rules.ts';
import { run } from '../../../shared/containment/run.ts';
import { Denied, Transient } from '../../../shared/errors.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import {
  CONTAIN,
  containmentKit,
  incidentOf,
  type Kit,
  openIncident,
  podNamed,
  setGoal,
  stateOfStep,
  subjectOf,
  vmOf,
} from '../../kit/containment.ts';
import { crashing } from '../../kit/crash.ts';
import { callOf, deliver, dieAt, reach, TICK_MS } from '../../kit/deliveries.ts';

const isolated = async (kit: Kit, id: string) => {
  const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  await openIncident(kit, id, [subject], 'isolate');
  await kit.clock.drive(run(kit.ports, id));
  return subject;
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
      await dieAt(kit, call);
      await kit.clock.advance(TICK_MS);
    }
    await reach(kit, 'i-1', 'closed');
    assert.equal((await incidentOf(kit, 'i-1')).state, 'closed');
    const host = await kit.ports.stores.hosts.get(hostId);
    assert.deepEqual([host?.undoing, host?.lease, host?.holders], [undefined, undefined, ['i-1']]);

    await openIncident(kit, 'i-2', [subject], 'isolate');
    await deliver(kit, 'i-2');
    assert.equal((await incidentOf(kit, 'i-2')).state, 'contained');
  });

  it('leaves the next release its own 15 minutes for a denial', async () => {
    const kit = containmentKit();
    const subject = await isolated(kit, 'i-1');
    const { state } = kit.world.compute;
    const denied = {
      kind: 'refuse',
      status: 403,
      reason: 'forbidden',
      actor: CONTAIN,
      method: 'Instances.SetTags',
    } as const;
    state.scripts.push({ ...denied, times: 100_000 });
    await setGoal(kit, 'i-1', 'released');
    await kit.clock.drive(run(kit.ports, 'i-1'));
    await reach(kit, 'i-1', 'closed');
    await kit.clock.advance(60 * TICK_MS);
    const next = await openIncident(kit, 'i-2', [subject], 'snapshot');
    await kit.ports.stores.incidents.put('i-2', { ...next, takesOver: 'i-1' }, next.rev);
    await deliver(kit, 'i-2');
    await setGoal(kit, 'i-2', 'released');
    await kit.clock.drive(run(kit.ports, 'i-2'));
    assert.equal(stateOfStep(await incidentOf(kit, 'i-2'), 'deny-node-network'), 'applied');
    state.scripts = [];
    await kit.clock.advance(TICK_MS);
    await deliver(kit, 'i-2');
    assert.equal(stateOfStep(await incidentOf(kit, 'i-2'), 'deny-node-network'), 'undone');
    assert.equal(vmOf(kit, subject.host)?.tags?.items?.includes(QUARANTINE_TAG), false);
  });

  it('lets the next incident that holds the host repeat a step whose undo was interrupted', async () => {
    for (const later of [0, 10 * TICK_MS]) {
      const kit = containmentKit();
      const { host } = await isolated(kit, 'i-1');
      if (host === undefined) throw new Error('the cart has no node');
      const slow = { kind: 'slow', ms: 300_000, method: 'Instances.SetTags', actor: CONTAIN } as const;
      kit.world.compute.state.scripts.push(slow);
      await setGoal(kit, 'i-1', 'released');
      await kit.clock.drive(run(kit.ports, 'i-1'));
      kit.world.compute.state.scripts = [];
      const cutOf = async (id: string) =>
        (await incidentOf(kit, id)).journal.find((e) => e.step === 'deny-node-network');
      assert.match((await cutOf('i-1'))?.because ?? '', /still under way/);
      await reach(kit, 'i-1', 'closed');
      await kit.clock.advance(later);
      const node = { kind: 'node' as const, uid: host.id, host, addedAt: timeOf(kit.clock.now()) };
      await openIncident(kit, 'i-2', [node], 'isolate');
      await deliver(kit, 'i-2');
      await kit.clock.advance(10 * TICK_MS);
      kit.world.settle();
      const cut = await cutOf('i-2');
      assert.deepEqual([cut?.state, cut?.proof], ['applied', 'proven'], `${later}`);
      assert.ok(vmOf(kit, host)?.tags.items?.includes(QUARANTINE_TAG), `${later}`);
    }
  });
});

describe('a close after a release whose run died', () => {
  const releasing = async () => {
    const kit = containmentKit();
    await isolated(kit, 'i-1');
    await setGoal(kit, 'i-1', 'released');
    return kit;
  };
  /** The incident as the close leaves it, where the release died after the first call of this name. */
  const closedAfter = async (end: string, before: (kit: Kit) => void = () => undefined) => {
    const call = await callOf(await releasing(), end);
    const kit = await releasing();
    await dieAt(kit, call);
    before(kit);
    return reach(kit, 'i-1', 'closed');
  };
  const doubts = ({ journal }: Incident) =>
    journal.filter((e) => e.state === 'applied' && e.proof !== 'proven').map((e) => `${e.step}: ${e.because}`);

  it('tells of no change as proven that the release had taken back, and of the others as before', async () => {
    for (const [call, doubt] of [
      ['.setTags', /^deny-node-network: not cut: .*; when the incident was closed: the tag .* was removed again$/],
      ['.clusters.writer.patch', /^cordon-node: when the incident was closed: the node is schedulable again$/],
      ['.setDiskAutoDelete', /^keep-disks: when the incident was closed: auto-delete is on for/],
      ['.clusters.writer.delete', /^deny-pod-network: .* NetworkPolicy firebreak-quarantine does not exist$/],
    ] as const) {
      const closed = await closedAfter(call);
      const told = doubts(closed).filter((one) => !one.includes(': closed while this step was under way'));
      assert.equal(told.length, 1, call);
      assert.match(told[0] ?? '', doubt);
    }
  });

  it('tells of none either that the host knows to be taken back, or on its way back', async () => {
    const counted = await releasing();
    const { ports, names } = crashing(counted.ports);
    await counted.clock.drive(run(ports, 'i-1'));
    const writes = names().flatMap((name, at) => (name.endsWith('.hosts.put') ? [at + 1] : []));
    assert.ok(writes.length > 5);
    let met = 0;
    for (const call of writes) {
      const kit = await releasing();
      await dieAt(kit, call);
      const closed = await reach(kit, 'i-1', 'closed');
      met += doubts(closed).filter((one) => /it is (?:undone|pending) on its host by now/.test(one)).length;
      kit.world.settle();
      const cut = closed.journal.find((e) => e.step === 'deny-node-network');
      const vm = vmOf(kit, closed.subjects.find((one) => one.kind === 'pod')?.host);
      const isCut = vm?.tags.items?.includes(QUARANTINE_TAG) === true;
      assert.ok(cut?.proof !== 'proven' || isCut, `${call}: ${cut?.state}`);
    }
    assert.ok(met > 0);
  });

  it('ends all the same where the cluster is not served any more', async () => {
    const closed = await closedAfter('.setTags', (kit) => {
      kit.ports.clusters.reader = (ref) => assert.fail(new Denied(`cluster ${ref.cluster} is not served`));
    });
    assert.deepEqual([closed.state, closed.run.rev], ['closed', closed.goal?.rev]);
    assert.match(doubts(closed).join(), /cordon-node: .*it cannot be checked: .*is not served/);
  });

  it('waits for no answer of the cluster or of Compute Engine', async () => {
    const call = await callOf(await releasing(), '.setTags');
    const kit = await releasing();
    await dieAt(kit, call);
    const { reader } = kit.ports.clusters;
    const down = async (): Promise<never> => Promise.reject(new Transient('the API server does not answer'));
    kit.ports.clusters.reader = (ref) => ({ ...reader(ref), get: down, list: down });
    const refuse = { kind: 'refuse', status: 503, reason: 'backendError', method: '*', actor: CONTAIN } as const;
    kit.world.compute.state.scripts.push({ ...refuse, times: 1_000 });
    await setGoal(kit, 'i-1', 'closed');
    await kit.clock.advance(TICK_MS);
    await kit.clock.drive(run(kit.ports, 'i-1'));
    const closed = await incidentOf(kit, 'i-1');
    assert.deepEqual([closed.state, closed.run.rev], ['closed', closed.goal?.rev]);
    assert.match(doubts(closed).join(), /cordon-node: .*it cannot be checked: .*does not answer/);
    assert.match(doubts(closed).join(), /deny-node-network: .*it cannot be checked: /);
  });

  it('reads nothing where the goal before was reached', async () => {
    const kit = containmentKit();
    await isolated(kit, 'i-1');
    kit.ports.clusters.reader = () => assert.fail('the cluster is read');
    assert.deepEqual(doubts(await reach(kit, 'i-1', 'closed')), []);
  });
});
