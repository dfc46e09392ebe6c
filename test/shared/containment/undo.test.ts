import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { QUARANTINE_TAG } from '../../../shared/containment/quarantine-rules.ts';
import { run } from '../../../shared/containment/run.ts';
import type { Before, Step, StepContext, Undone } from '../../../shared/containment/step.ts';
import { Denied, Malformed, Transient } from '../../../shared/errors.ts';
import type { Tier } from '../../../shared/model/ids.ts';
import {
  CONTAIN,
  containmentKit,
  incidentOf,
  type Kit,
  openIncident,
  podNamed,
  setGoal,
  subjectOf,
  vmOf,
} from '../../kit/containment.ts';
import { callOf, deliver, dieAt, reach } from '../../kit/deliveries.ts';

const LEASE_AND_MORE = 61_000;
/** Longer than the lease of the run that died, so that the next run finds the operation still running. */
const SLOW_MS = 65_000;

const opened = async () => {
  const kit = containmentKit();
  const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  await openIncident(kit, 'i-1', [subject], 'isolate');
  kit.world.compute.state.scripts.push({ kind: 'slow', ms: SLOW_MS, method: 'Instances.SetTags', actor: CONTAIN });
  return { kit, subject };
};

describe('a change that is undone while its operation still runs', () => {
  it('is waited for even if the journal does not know the operation, so that no VM stays cut without a holder', async () => {
    const call = await callOf((await opened()).kit, '.setTags');
    const { kit, subject } = await opened();
    const vm = () => vmOf(kit, subject.host);
    await dieAt(kit, call);
    assert.equal(vm()?.tags.items?.includes(QUARANTINE_TAG), false, 'the operation was done already');
    await setGoal(kit, 'i-1', 'released');
    await kit.clock.advance(LEASE_AND_MORE);
    const incident = await deliver(kit);
    assert.equal(incident.state, 'released');
    await kit.clock.advance(SLOW_MS);
    kit.world.settle();
    assert.equal(vm()?.tags.items?.includes(QUARANTINE_TAG), false);
    assert.ok((await incidentOf(kit, 'i-1')).journal.every((e) => e.wakeAt === undefined));
  });

  it('is waited for until its operation ends, if the journal knows the operation', async () => {
    const { kit, subject } = await opened();
    const scripts = kit.world.compute.state;
    scripts.scripts = [{ kind: 'slow', ms: 180_000, method: 'Instances.SetTags', actor: CONTAIN }];
    const vm = () => vmOf(kit, subject.host);
    const isSent = async (): Promise<boolean> =>
      (await incidentOf(kit, 'i-1')).journal.some((e) => e.operation?.includes('"tag"') === true);
    const released = async (): Promise<void> => {
      while (!(await isSent())) await kit.clock.sleep(500);
      await setGoal(kit, 'i-1', 'released');
    };
    await kit.clock.drive(Promise.race([released(), deliver(kit)]));
    assert.equal((await deliver(kit)).state, 'released');
    await kit.clock.advance(300_000);
    kit.world.settle();
    assert.equal(vm()?.tags.items?.includes(QUARANTINE_TAG), false);
  });

  it('is given up where a quota is used up for good, and everything else is undone', async () => {
    const { kit, subject } = await opened();
    await deliver(kit);
    const refuse = {
      kind: 'refuse',
      status: 403,
      reason: 'quotaExceeded',
      method: 'Instances.AddAccessConfig',
    } as const;
    kit.world.compute.script({ ...refuse, actor: CONTAIN, times: 1_000_000 });
    await setGoal(kit, 'i-1', 'released');
    const incident = await deliver(kit, 'i-1', 90);
    assert.equal(incident.state, 'released');
    const address = incident.journal.find((e) => e.step === 'remove-external-ip');
    assert.equal(address?.state, 'not-undoable');
    assert.match(address.because ?? '', /quotaExceeded/);
    assert.equal(vmOf(kit, subject.host)?.tags.items?.includes(QUARANTINE_TAG), false);
    assert.ok(kit.cluster.list('v1', 'Node').every((node) => node.spec?.unschedulable !== true));
  });

  it('is given up if the service refuses the undo for good, and everything else is undone', async () => {
    const { kit, subject } = await opened();
    await deliver(kit);
    const host = () => kit.ports.stores.hosts.get(subject.host?.id ?? '');
    const refuse = { kind: 'refuse', status: 400, reason: 'invalid', method: 'Instances.AddAccessConfig' } as const;
    kit.world.compute.state.scripts.push({ ...refuse, actor: CONTAIN, times: 2 });
    const incident = await reach(kit, 'i-1', 'released');
    assert.equal(incident.state, 'released');
    const address = incident.journal.find((e) => e.step === 'remove-external-ip');
    assert.equal(address?.state, 'not-undoable');
    assert.ok(kit.cluster.list('v1', 'Node').every((node) => node.spec?.unschedulable !== true));
    assert.deepEqual([(await host())?.holders, (await host())?.undoing], [[], undefined]);
  });

  it('gets a new external address if the service refuses the former one', async () => {
    const { kit } = await opened();
    await deliver(kit);
    const refuse = { kind: 'refuse', status: 400, reason: 'invalid', method: 'Instances.AddAccessConfig' } as const;
    kit.world.compute.state.scripts.push({ ...refuse, actor: CONTAIN, times: 1 });
    const address = (await reach(kit, 'i-1', 'released')).journal.find((e) => e.step === 'remove-external-ip');
    assert.equal(address?.state, 'undone');
    assert.match(address?.because ?? '', /could not be assigned again: the VM has new addresses/);
  });
});

describe('a change whose undo meets a fault', () => {
  const MINUTE = 60_000;

  /** A contained pod that is to be released, where the undo of these steps throws this for as long as it says. */
  const failing = async (tier: Tier, forMs: number, faultOf: (step: Step) => Error | undefined) => {
    const kit = containmentKit();
    await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], tier);
    await deliver(kit);
    await setGoal(kit, 'i-1', 'released');
    const from = kit.clock.now();
    const { stepOf } = kit.ports;
    kit.ports.stepOf = (id) => {
      const step = stepOf(id);
      const fault = step === undefined ? undefined : faultOf(step);
      if (step === undefined || fault === undefined) return step;
      const undo = async (context: StepContext, before: Before): Promise<Undone> => {
        if (kit.clock.now() < from + forMs) throw fault;
        return Reflect.apply(step.undo, step, [context, before]);
      };
      return Object.assign({}, step, { undo });
    };
    return { kit, tookMs: () => kit.clock.now() - from };
  };
  const faulty = (fault: Error, forMs: number) =>
    failing('quarantine', forMs, ({ id }) => (id === 'quarantine-pod' ? fault : undefined));
  const podOf = async (kit: Kit) => (await incidentOf(kit, 'i-1')).journal.find((e) => e.step === 'quarantine-pod');

  it('waits until a missing right is granted', async () => {
    const { kit } = await faulty(new Denied('no right to patch pods'), 10 * MINUTE);
    assert.equal((await deliver(kit)).state, 'released');
    assert.equal((await podOf(kit))?.state, 'undone');
  });

  it('is given up after 15 minutes without the right, and not before', async () => {
    const { kit, tookMs } = await faulty(new Denied('no right to patch pods'), 24 * 60 * MINUTE);
    const incident = await deliver(kit);
    const left = await podOf(kit);
    assert.deepEqual([incident.state, left?.state, left?.proof], ['released', 'not-undoable', 'proven']);
    assert.match(left?.because ?? '', /denied for 15 minutes: no right to patch pods/);
    assert.ok(tookMs() > 15 * MINUTE && tookMs() < 25 * MINUTE, `${tookMs()}`);
    assert.ok(kit.cluster.list('v1', 'Node').every((node) => node.spec?.unschedulable !== true));
  });

  const deniedOn = (forMs: number, denies: (step: string) => boolean) =>
    failing('isolate', forMs, ({ id, scope }) =>
      scope === 'node' && denies(id) ? new Denied(`no right for ${id}`) : undefined,
    );

  it('shares its 15 minutes with every other change on the host that is denied', async () => {
    const { kit, tookMs } = await deniedOn(24 * 60 * MINUTE, () => true);
    const { state, journal } = await deliver(kit);
    const left = journal.filter((e) => /^undo denied for 15 minutes/.test(e.because ?? '')).map(({ step }) => step);
    assert.equal(state, 'released');
    for (const step of ['keep-disks', 'cordon-node', 'deny-node-network', 'remove-external-ip'] as const)
      assert.ok(left.includes(step), left.join());
    assert.ok(tookMs() > 15 * MINUTE && tookMs() < 20 * MINUTE, `${tookMs()}`);
  });

  it('holds up no other change on the host while it is denied', async () => {
    const { kit } = await deniedOn(10 * MINUTE, (step) => step === 'remove-external-ip');
    await kit.clock.drive(run(kit.ports, 'i-1'));
    const stateOf = async (step: string) => (await incidentOf(kit, 'i-1')).journal.find((e) => e.step === step)?.state;
    assert.deepEqual([await stateOf('remove-external-ip'), await stateOf('deny-node-network')], ['applied', 'undone']);
    assert.equal((await deliver(kit)).state, 'released');
    assert.equal(await stateOf('remove-external-ip'), 'undone');
  });

  it('is given up after 15 minutes if its cluster is no longer served, so that the incident can end', async () => {
    const kit = containmentKit();
    await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'quarantine');
    await deliver(kit);
    await setGoal(kit, 'i-1', 'released');
    const unserved = (): never => {
      throw new Denied('Cluster p1/europe-west1/c1 is not served by this deployment');
    };
    kit.ports.clusters = {
      ...kit.ports.clusters,
      reader: unserved,
      writer: unserved,
      describe: async () => unserved(),
    };
    assert.equal((await deliver(kit)).state, 'released');
    const left = await podOf(kit);
    assert.equal(left?.state, 'not-undoable');
    assert.match(left?.because ?? '', /denied for 15 minutes: Cluster .* is not served by this deployment/);
  });

  it('is given up at once if the undo is refused as malformed, and everything else is undone', async () => {
    const { kit, tookMs } = await faulty(new Malformed('it cannot be read'), 24 * 60 * MINUTE);
    assert.equal((await deliver(kit)).state, 'released');
    assert.equal((await podOf(kit))?.state, 'not-undoable');
    assert.ok(tookMs() < 15 * MINUTE);
    assert.ok(kit.cluster.list('v1', 'Node').every((node) => node.spec?.unschedulable !== true));
  });

  it('is read and sent again where others changed the object, five times in one delivery', async () => {
    for (const times of [4, 5]) {
      const { kit } = await failing('quarantine', 0, () => undefined);
      kit.cluster.faults.add({ verb: 'patch', kind: 'Node', times, fault: '409' });
      const released = kit.clock.drive(run(kit.ports, 'i-1'));
      if (times === 4) await released;
      else
        await assert.rejects(released, (thrown: Error) => {
          assert.ok(thrown instanceof Transient, String(thrown));
          return /^cordon-node on \S+, which is taken back, was changed by others 5 times in a row$/.test(
            thrown.message,
          );
        });
      const { state, journal } = await incidentOf(kit, 'i-1');
      assert.equal(state, times === 4 ? 'released' : 'containing');
      const said = journal.find((e) => e.step === 'cordon-node')?.because ?? '';
      assert.equal(/^undo failed: cordon-node on .* was changed by others 5 times in a row$/.test(said), times === 5);
    }
  });

  it('holds up no change of another pod and no other host by a fault', async () => {
    const kit = containmentKit();
    const carts = kit.cluster.list('v1', 'Pod').filter(({ metadata }) => metadata.name.startsWith('cart-'));
    // Of the two in one zone, one: the last nodes of a zone would be held.
    const subjects = await Promise.all(carts.slice(1).map((pod) => subjectOf(kit, pod)));
    await openIncident(kit, 'i-1', subjects, 'quarantine');
    await deliver(kit);
    await setGoal(kit, 'i-1', 'released');
    // The one that is taken back first: its pod and its node.
    const last = subjects.at(-1);
    for (const [kind, name] of [
      ['Pod', last?.name],
      ['Node', last?.host?.node],
    ] as const)
      kit.cluster.faults.add({ verb: 'patch', kind, times: 5, fault: '409', ...(name === undefined ? {} : { name }) });
    await assert.rejects(kit.clock.drive(run(kit.ports, 'i-1')), /quarantine-pod on .* 5 times in a row/);
    const { journal } = await incidentOf(kit, 'i-1');
    const left = journal.filter((e) => e.state === 'applied' && /^(cordon|quarantine)/.test(e.step));
    assert.deepEqual(
      left.map(({ subject }) => subject),
      [last?.host?.node, `shop/${last?.name}`],
    );
    assert.equal((await deliver(kit)).state, 'released');
  });

  it('leads to another delivery for any other fault, and is not recorded as given up', async () => {
    for (const fault of [new Transient('the API server is away'), new Error('a fault of ours')]) {
      const { kit } = await faulty(fault, MINUTE);
      await assert.rejects(kit.clock.drive(run(kit.ports, 'i-1')), new RegExp(fault.message));
      assert.equal((await podOf(kit))?.state, 'applied');
      assert.match((await podOf(kit))?.because ?? '', new RegExp(`^undo failed: .*${fault.message}$`));
      await kit.clock.advance(2 * MINUTE);
      assert.equal((await deliver(kit)).state, 'released');
      assert.equal((await podOf(kit))?.state, 'undone');
    }
  });
});
