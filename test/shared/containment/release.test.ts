import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { run } from '../../../shared/containment/run.ts';
import type { Before, Step, StepContext, Undone } from '../../../shared/containment/step.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import { timeOf } from '../../../shared/model/time.ts';
import {
  CONTAIN,
  changesOf,
  containmentKit,
  incidentOf,
  type Kit,
  neighboursIn,
  openIncident,
  podNamed,
  setGoal,
  subjectOf,
} from '../../kit/containment.ts';
import { deliver, reach } from '../../kit/deliveries.ts';
import { leftOvers } from '../../kit/step.ts';

const AT = '2026-03-02T03:00:00.000Z';
const entry = (step: Entry['step'], given: Partial<Entry>): Entry => ({
  ...{ step, subject: 'shop/p', uid: 'pod-1', state: 'applied', startedAt: AT, proof: 'proven', rev: 1 },
  ...given,
});

/** What is left of our changes but for snapshots, which are evidence. */
const remains = (kit: Kit): string[] => leftOvers(kit).filter((left) => !left.startsWith('snapshots '));

/** An incident with this journal and nothing planned, ended so; its entries as they then are. */
const ended = async (goal: 'closed' | 'released', journal: Entry[]): Promise<Entry[]> => {
  const kit = containmentKit();
  const opened = await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
  await kit.ports.stores.incidents.put('i-1', { ...opened, journal }, opened.rev);
  await setGoal(kit, 'i-1', goal);
  await kit.clock.drive(run(kit.ports, 'i-1'));
  assert.deepEqual(changesOf(kit), []);
  return (await incidentOf(kit, 'i-1')).journal;
};
const said = (journal: Entry[]) => journal.map((e) => [e.step, e.state, e.proof, e.because]);

describe('the journal after a close', () => {
  it('keeps settled entries, and records entries under way as applied but not proven', async () => {
    const settled = [
      entry('start-snapshots', {}),
      entry('keep-disks', { state: 'failed', proof: null, because: 'quota' }),
      entry('leave-group', { state: 'undone', proof: null }),
    ];
    const journal = await ended('closed', [
      ...settled,
      entry('quarantine-pod', { state: 'applying', proof: null, before: { labels: {} } }),
      entry('cordon-node', { state: 'pending', proof: null, host: 'vm-1' }),
      entry('freeze-workload', { state: 'held', proof: null, before: {} }),
      entry('drain-node', { state: 'pending', proof: null }),
      entry('delete-pod', { state: 'held', proof: null, because: 'the budget is used up' }),
    ]);
    assert.deepEqual(journal.slice(0, 3), settled);
    assert.deepEqual(said(journal.slice(3)), [
      ['quarantine-pod', 'applied', 'not proven', 'closed while this step was under way'],
      ['cordon-node', 'applied', 'not proven', 'closed while this step was under way'],
      ['freeze-workload', 'applied', 'not proven', 'closed while this step was under way'],
      ['drain-node', 'skipped', null, 'closed before this step began'],
      ['delete-pod', 'skipped', null, 'closed before this step began'],
    ]);
  });
});

describe('the journal after a release', () => {
  it('has no new steps, keeps evidence, and keeps entries without a change', async () => {
    const untouched = [
      entry('quarantine-pod', { state: 'refused', proof: null, because: 'no' }),
      entry('freeze-workload', { state: 'skipped' }),
      entry('delete-pod', { state: 'dry-run', proof: null, before: {} }),
      entry('start-snapshots', { before: {} }),
    ];
    const journal = await ended('released', [
      ...untouched,
      entry('capture-evidence', { state: 'applying', proof: null, before: {} }),
      entry('snapshots-ready', { state: 'pending', proof: null, before: {}, because: 'too frequent operations' }),
      entry('delete-workload', { state: 'pending', proof: null }),
    ]);
    const underWay = 'released while this step was under way';
    assert.deepEqual(journal.slice(0, 4), untouched);
    assert.deepEqual(said(journal.slice(4)), [
      ['capture-evidence', 'applied', 'not proven', underWay],
      ['snapshots-ready', 'applied', 'not proven', `${underWay}; last: too frequent operations`],
      ['delete-workload', 'skipped', null, 'released before this step began'],
    ]);
  });

  it('shows each change undone once, the newest first, for the incident and for each host', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'debug-shell'));
    const beside = await subjectOf(kit, podNamed(kit, 'shop', 'edge-probe'));
    await openIncident(kit, 'i-1', [subject, beside], 'isolate');
    const { journal } = await deliver(kit);
    const host = await kit.ports.stores.hosts.get(subject.host?.id ?? '');
    const done = (of: readonly Entry[] = []): string[] =>
      of
        .filter((e) => e.state === 'applied' && kit.ports.stepOf(e.step)?.undoable === true)
        .map((e) => `${e.step} ${e.subject}`);
    const own = done(journal.filter((e) => e.host === undefined));
    const shared = done(host?.journal);
    const undone: string[] = [];
    const watched = (step: Step): Step =>
      Object.assign({}, step, {
        undo: async (context: StepContext, before: Before): Promise<Undone> => {
          const result: Undone = await Reflect.apply(step.undo, step, [context, before]);
          if (result.outcome !== 'pending') undone.push(`${step.id} ${context.subject.subject}`);
          return result;
        },
      });
    const stepOf: typeof kit.ports.stepOf = (id) => {
      const step = kit.ports.stepOf(id);
      return step === undefined ? undefined : watched(step);
    };
    await setGoal(kit, 'i-1', 'released');
    const released = await deliver({ ...kit, ports: { ...kit.ports, stepOf } });
    assert.equal(released.state, 'released');
    const of = (steps: string[]) => undone.filter((step) => steps.includes(step));
    assert.ok(own.length > 1 && shared.length > 4, [...own, ...shared].join());
    assert.deepEqual(of(own), own.toReversed());
    assert.deepEqual(of(shared), shared.toReversed());
    assert.equal(undone.length, done(journal).length);
  });

  it('is complete only when each change of the incident is undone', async () => {
    const kit = containmentKit();
    await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'quarantine');
    await deliver(kit);
    const waits = { outcome: 'pending' as const, because: 'not yet', wakeMs: 30_000 };
    let asked = 0;
    const stepOf: typeof kit.ports.stepOf = (id) => {
      const step = kit.ports.stepOf(id);
      if (step?.id !== 'quarantine-pod') return step;
      const undo = async (context: StepContext, before: Before): Promise<Undone> => {
        asked += 1;
        return asked < 8 ? waits : Reflect.apply(step.undo, step, [context, before]);
      };
      return Object.assign({}, step, { undo });
    };
    await setGoal(kit, 'i-1', 'released');
    const late = { ...kit, ports: { ...kit.ports, stepOf } };
    const released = await deliver(late);
    assert.deepEqual([released.state, asked], ['released', 8]);
    assert.deepEqual(remains(kit), []);
  });

  it("keeps the changes on a host while another incident's run works on it, and the message comes again", async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    await openIncident(kit, 'i-1', [subject], 'quarantine');
    await deliver(kit);
    const { hosts } = kit.ports.stores;
    const host = (await hosts.get(subject.host?.id ?? '')) ?? assert.fail();
    const lease = { owner: 'i-2', token: 'another', until: timeOf(kit.clock.now() + 300_000) };
    await hosts.put(host.id, { ...host, lease }, host.rev);
    const nodes = () => changesOf(kit).filter((change) => / Node |instances/.test(change));
    const before = nodes();
    await setGoal(kit, 'i-1', 'released');
    await assert.rejects(kit.clock.drive(run(kit.ports, 'i-1')), /another incident's run still works on/);
    assert.deepEqual(nodes(), before);
    assert.deepEqual((await hosts.get(host.id))?.holders, ['i-1']);
    await kit.clock.advance(300_000);
    assert.equal((await deliver(kit)).state, 'released');
    assert.deepEqual(remains(kit), []);
  });

  it('reconnects a node before its pods lose what lets them stay on a node that does not answer', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'payments', 'ledger'));
    await openIncident(kit, 'i-1', [subject], 'isolate');
    await deliver(kit);
    kit.world.settle();
    await kit.clock.advance(20 * 60_000);
    kit.world.compute.state.durations.running = 30_000;
    const released = await reach(kit, 'i-1', 'released');
    kit.world.settle();
    assert.equal(released.state, 'released');
    const { metadata } = podNamed(kit, 'payments', subject.name);
    assert.deepEqual([metadata.uid, metadata.deletionTimestamp], [subject.uid, undefined]);
  });

  for (const [status, reason, unchecked] of [
    [403, 'forbidden', /done, but it could not be checked for 15 minutes: firewalls of .*forbidden/],
    [400, 'invalid', /done, but it could not be checked: firewalls of .*invalid/],
  ] as const)
    it(`reconnects a node before that also where nobody could check that it was cut off (${status})`, async () => {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'payments', 'ledger'));
      await openIncident(kit, 'i-1', [subject], 'isolate');
      const denial = { kind: 'refuse', status, reason, times: 1_000 } as const;
      kit.world.compute.script({ ...denial, method: 'Instances.GetEffectiveFirewalls' });
      const { journal } = await deliver(kit);
      const cut = journal.find((e) => e.step === 'deny-node-network');
      assert.deepEqual([cut?.state, cut?.proof], ['applied', 'not proven']);
      assert.match(cut?.because ?? '', unchecked);
      kit.world.settle();
      await kit.clock.advance(20 * 60_000);
      kit.world.compute.state.durations.running = 30_000;
      assert.equal((await reach(kit, 'i-1', 'released')).state, 'released');
      kit.world.settle();
      const { metadata } = podNamed(kit, 'payments', subject.name);
      assert.deepEqual([metadata.uid, metadata.deletionTimestamp], [subject.uid, undefined]);
    });

  it('reconnects a node before that also where another incident had cut it off and left that to this one', async () => {
    const kit = containmentKit();
    const { cart, other } = await neighboursIn(kit);
    await openIncident(kit, 'i-1', [other], 'quarantine');
    await deliver(kit);
    await openIncident(kit, 'i-2', [cart], 'isolate');
    await deliver(kit, 'i-2');
    await reach(kit, 'i-2', 'released');
    kit.world.settle();
    await kit.clock.advance(20 * 60_000);
    kit.world.compute.state.durations.running = 30_000;
    assert.equal((await reach(kit, 'i-1', 'released')).state, 'released');
    const lost = kit.world.log.by('taint-eviction-controller').filter(({ uid }) => uid === other.uid);
    assert.deepEqual(lost, []);
  });

  it('keeps the policy of a namespace as long as a pod of it waits for its node to be reconnected', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'payments', 'ledger'));
    await openIncident(kit, 'i-1', [subject], 'isolate');
    await deliver(kit);
    const before = kit.world.log.by(CONTAIN).length;
    kit.world.compute.state.durations.running = 30_000;
    assert.equal((await reach(kit, 'i-1', 'released')).state, 'released');
    const touched = kit.world.log.by(CONTAIN).slice(before);
    assert.deepEqual(
      touched
        .map(({ verb, object }) => `${verb} ${object.split(' ')[0]}`)
        .filter((change) => / (Pod|Netw)/.test(change)),
      ['patch Pod', 'delete NetworkPolicy'],
    );
  });

  it('takes a quarantine back in the reverse order: the pod, the policy, the node', async () => {
    const kit = containmentKit();
    await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'quarantine');
    await deliver(kit);
    const before = kit.world.log.by(CONTAIN).length;
    await reach(kit, 'i-1', 'released');
    const touched = kit.world.log.by(CONTAIN).slice(before);
    assert.deepEqual(
      touched.map(({ verb, object }) => `${verb} ${object.split(' ')[0]}`),
      ['patch Pod', 'delete NetworkPolicy', 'patch Node', 'setDiskAutoDelete instances'],
    );
  });
});
