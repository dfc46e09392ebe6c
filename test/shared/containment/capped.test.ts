import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { run } from '../../../shared/containment/run.ts';
import type { Cap } from '../../../shared/decision/cap.ts';
import type { Host } from '../../../shared/model/host.ts';
import type { PodSubject } from '../../../shared/model/subject.ts';
import { timeOf } from '../../../shared/model/time.ts';
import {
  CONTAIN,
  changesOf,
  containmentKit,
  incidentOf,
  type Kit,
  openIncident,
  playKiller,
  podNamed,
  setGoal,
  subjectOf,
} from '../../kit/containment.ts';
import { crashing } from '../../kit/crash.ts';
import { deliver, dieAt, reach, TICK_MS } from '../../kit/deliveries.ts';

const opened = async (tier: 'quarantine' | 'isolate') => {
  const kit = containmentKit();
  const pod = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  await openIncident(kit, 'i-1', [pod], tier);
  return { kit, pod };
};

/** The node of a pod as another incident has leased it for 15 minutes. */
const leasedToAnother = (kit: Kit, { host = assert.fail() }: PodSubject): Promise<Host> => {
  const lease = { owner: 'i-2', token: 'another', until: timeOf(kit.clock.now() + 900_000) };
  const taken = { v: 1 as const, rev: 0, writer: '', id: host.id, instance: host.id, node: host.node };
  return kit.ports.stores.hosts.put(host.id, { ...taken, holders: ['i-2'], journal: [], lease }, null);
};

describe('a run whose policy was lowered after its plan was made', () => {
  it('ends the steps above the new tier that it had not begun, and names what it carried out', async () => {
    const { kit } = await opened('isolate');
    const at = timeOf(kit.clock.now());
    const halt = { v: 1 as const, rev: 0, writer: '', halted: true, at, by: 'ana@example.com', reason: 'drill' };
    const { hosts, halts } = kit.ports.stores;
    const put: typeof hosts.put = async (id, doc, expected) => {
      const stored = await hosts.put(id, doc, expected);
      if ((await halts.get('halt')) === undefined) await halts.put('halt', halt, null);
      return stored;
    };
    const stores = { ...kit.ports.stores, hosts: { ...hosts, put } };
    await kit.clock.drive(run({ ...kit.ports, stores }, 'i-1'));
    const given = (await halts.get('halt')) ?? assert.fail();
    const { plan } = await incidentOf(kit, 'i-1');
    assert.ok(plan.some(({ step }) => step === 'leave-group'));
    assert.deepEqual(changesOf(kit), []);
    kit.cap.now = { tier: 'snapshot', mode: 'act', because: ['namespace shop is protected: snapshot at most'] };
    await halts.put('halt', { ...given, halted: false }, given.rev);
    const incident = await deliver(kit);
    const done = incident.journal.filter(({ state }) => state !== 'held');
    assert.deepEqual(
      done.map(({ step, state }) => `${step} ${state}`),
      ['start-snapshots applied', 'capture-evidence applied', 'capture-evidence applied'],
    );
    // keep-disks had kept its before-image before the run saw the halt, so its change may have been sent.
    const [left, ...more] = incident.journal.filter(({ state }) => state === 'held');
    assert.deepEqual([left?.step, more], ['keep-disks', []]);
    assert.match(left?.because ?? '', /^its operations so far are left as they are: namespace shop is protected/);
    assert.ok(changesOf(kit).every((change) => change.startsWith('insert snapshots')));
    const notice = incident.outbox.at(-1);
    assert.equal(notice?.title, 'snapshot: 1 of 4 steps wait for a person; the policy does not allow isolate');
    assert.ok(notice?.lines.includes('namespace shop is protected: snapshot at most'));
  });

  it('sees the lowered policy before it sends the next change', async () => {
    const { kit } = await opened('isolate');
    const less: Cap = { tier: 'quarantine', mode: 'act', because: ['quarantine at most, by now'] };
    const isQuarantined = (): boolean => changesOf(kit).some((change) => /^patch Pod /.test(change));
    const capOf = (): Cap => (isQuarantined() ? less : kit.cap.now);
    const incident = await deliver({ ...kit, ports: { ...kit.ports, capOf } });
    assert.ok(incident.journal.some((e) => e.step === 'quarantine-pod' && e.state === 'applied'));
    const above = ['leave-group', 'drain-node', 'deny-node-network', 'remove-external-ip'];
    assert.ok(incident.journal.every(({ step, state }) => !above.includes(step) || state === 'held'));
    assert.ok(changesOf(kit).every((change) => !/abandon|setTags|AccessConfig/.test(change)));
    assert.match(incident.outbox.at(-1)?.title ?? '', /; the policy does not allow isolate$/);
  });
});

describe('a policy that becomes a dry run in the middle of a run', () => {
  it('is seen before the next send', async () => {
    const { kit } = await opened('isolate');
    const dry: Cap = { tier: 'delete-host', mode: 'dry-run', because: ['the policy is a dry run as a whole'] };
    const isPod = (change: string): boolean => /^patch Pod /.test(change);
    const capOf = (): Cap => (changesOf(kit).some(isPod) ? dry : kit.cap.now);
    const { journal } = await deliver({ ...kit, ports: { ...kit.ports, capOf } });
    assert.ok(changesOf(kit).some(isPod));
    assert.ok(changesOf(kit).every((change) => !/abandon|setTags|AccessConfig/.test(change)));
    const above = ['leave-group', 'drain-node', 'deny-node-network', 'remove-external-ip'];
    const states = journal.filter((e) => above.includes(e.step)).map((e) => e.state);
    assert.ok(states.length > 0 && !states.includes('applied'), states.join());
  });
});

describe('a goal that was set in a dry run', () => {
  it('changes nothing, though the policy acts by now', async () => {
    const kit = containmentKit();
    const pod = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    await openIncident(kit, 'i-1', [pod], 'isolate', { mode: 'dry-run' });
    const { journal } = await deliver(kit);
    assert.deepEqual(changesOf(kit), []);
    assert.ok(journal.some((e) => e.state === 'dry-run'));
    assert.ok(journal.every((e) => e.state === 'dry-run' || e.state === 'skipped'));
  });
});

describe('a step that a lowered policy has ended', () => {
  it('does not keep the run waiting, at every lower tier', async () => {
    for (const tier of ['delete-workload', 'redeploy', 'isolate', 'quarantine'] as const) {
      const kit = containmentKit();
      playKiller(kit);
      kit.world.compute.state.scripts.push({ kind: 'slow', ms: 400_000, method: 'Instances.SetDiskAutoDelete' });
      const pod = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      await openIncident(kit, 'i-1', [pod], 'delete-host', { requested: true });
      await kit.clock.drive(run(kit.ports, 'i-1'));
      kit.cap.now = { tier, mode: 'act', because: [`${tier} at most, by now`] };
      const incident = await deliver(kit);
      assert.equal(incident.run.rev, incident.goal?.rev, tier);
      assert.notEqual(incident.journal.find((e) => e.step === 'delete-host')?.state, 'applied', tier);
    }
  });

  it('has its full time again when the policy is raised and the run goes on', async () => {
    const kit = containmentKit();
    playKiller(kit);
    const { state } = kit.world.compute;
    const refuse = { kind: 'refuse', status: 403, reason: 'rateLimitExceeded', method: 'Snapshots.Insert' } as const;
    state.scripts.push({ ...refuse, actor: CONTAIN, times: 1000 });
    await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'delete-workload');
    await kit.clock.drive(run(kit.ports, 'i-1')).catch(() => undefined);
    kit.cap.now = { tier: 'observe', mode: 'act', because: ['suppressed'] };
    const held = await deliver(kit);
    assert.equal(held.journal.find((e) => e.step === 'start-snapshots')?.state, 'held');
    await kit.clock.advance(40 * 60_000);
    state.scripts = [];
    kit.cap.now = { tier: 'delete-host', mode: 'act', because: [] };
    const { journal } = await reach(kit, 'i-1', 'delete-workload');
    const done = ['start-snapshots', 'delete-workload'].map((step) => journal.find((e) => e.step === step)?.state);
    assert.deepEqual(done, ['applied', 'applied']);
  });

  for (const busy of [0, 12_000])
    it(`has on a host the time that it had, so that the node is not cut before its pods could leave${busy > 0 ? ', also if the host is busy' : ''}`, async () => {
      const { kit, pod } = await opened('isolate');
      const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' };
      const spec = { minAvailable: 2, selector: { matchLabels: { app: 'ledger' } } };
      kit.cluster.apply({ ...budget, metadata: { name: 'ledger', namespace: 'payments' }, spec });
      const drainOf = async () => (await incidentOf(kit, 'i-1')).journal.find((e) => e.step === 'drain-node');
      const less: Cap = { tier: 'quarantine', mode: 'act', because: ['quarantine at most, by now'] };
      const sleep = async (ms: number): Promise<void> => {
        if ((await drainOf())?.state === 'pending') kit.cap.now = less;
        return kit.clock.sleep(ms);
      };
      await kit.clock.drive(run({ ...kit.ports, clock: { ...kit.clock, sleep } }, 'i-1'));
      assert.equal((await drainOf())?.state, 'held');
      await kit.clock.advance(60 * 60_000);
      kit.cluster.drop({ ...budget, name: 'ledger', namespace: 'payments' });
      kit.cap.now = { tier: 'delete-host', mode: 'act', because: [] };
      await setGoal(kit, 'i-1', 'isolate');
      const host = (await kit.ports.stores.hosts.get(pod.host?.id ?? '')) ?? assert.fail();
      const lease = { owner: 'i-2', token: 'another', until: timeOf(kit.clock.now() + busy) };
      await kit.ports.stores.hosts.put(host.id, { ...host, lease }, host.rev);
      await deliver(kit);
      assert.deepEqual([(await drainOf())?.state, (await drainOf())?.proof], ['applied', 'proven']);
    });

  it('has on a host the time that it had when the work on it ended, however late the next run finds that', async () => {
    const { kit } = await opened('isolate');
    const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' };
    const spec = { minAvailable: 2, selector: { matchLabels: { app: 'ledger' } } };
    kit.cluster.apply({ ...budget, metadata: { name: 'ledger', namespace: 'payments' }, spec });
    const drainOf = async () => (await incidentOf(kit, 'i-1')).journal.find((e) => e.step === 'drain-node');
    const sleep = async (ms: number): Promise<void> => {
      if ((await drainOf())?.state === 'pending') throw new Error('the process ends');
      return kit.clock.sleep(ms);
    };
    await assert.rejects(kit.clock.drive(run({ ...kit.ports, clock: { ...kit.clock, sleep } }, 'i-1')), /process ends/);
    await kit.clock.advance(100_000);
    kit.cap.now = { tier: 'quarantine', mode: 'act', because: ['quarantine at most, by now'] };
    await deliver(kit);
    assert.equal((await drainOf())?.state, 'held');
    await kit.clock.advance(60 * 60_000);
    kit.cap.now = { tier: 'delete-host', mode: 'act', because: [] };
    await setGoal(kit, 'i-1', 'isolate');
    void kit.clock.sleep(60_000).then(() => kit.cluster.drop({ ...budget, name: 'ledger', namespace: 'payments' }));
    await deliver(kit);
    assert.deepEqual([(await drainOf())?.state, (await drainOf())?.proof], ['applied', 'proven']);
  });

  it('has its whole time under another incident that joins the host later', async () => {
    const { kit, pod } = await opened('isolate');
    const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' };
    const spec = { minAvailable: 2, selector: { matchLabels: { app: 'ledger' } } };
    kit.cluster.apply({ ...budget, metadata: { name: 'ledger', namespace: 'payments' }, spec });
    const drainOf = async (id: string) => (await incidentOf(kit, id)).journal.find((e) => e.step === 'drain-node');
    const sleep = async (ms: number): Promise<void> => {
      if ((await drainOf('i-1'))?.state === 'pending')
        kit.cap.now = { tier: 'quarantine', mode: 'act', because: ['quarantine at most, by now'] };
      return kit.clock.sleep(ms);
    };
    await kit.clock.drive(run({ ...kit.ports, clock: { ...kit.clock, sleep } }, 'i-1'));
    assert.equal((await drainOf('i-1'))?.state, 'held');
    await kit.clock.advance(60 * 60_000);
    kit.cluster.drop({ ...budget, name: 'ledger', namespace: 'payments' });
    kit.cap.now = { tier: 'delete-host', mode: 'act', because: [] };
    await openIncident(kit, 'i-2', [pod], 'isolate');
    await deliver(kit, 'i-2');
    assert.deepEqual([(await drainOf('i-2'))?.state, (await drainOf('i-2'))?.proof], ['applied', 'proven']);
  });

  it('has no more time than it had if another incident has gone on with it', async () => {
    const { kit, pod } = await opened('isolate');
    const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' };
    const spec = { minAvailable: 2, selector: { matchLabels: { app: 'ledger' } } };
    kit.cluster.apply({ ...budget, metadata: { name: 'ledger', namespace: 'payments' }, spec });
    const { clock } = kit;
    await openIncident(kit, 'i-2', [pod], 'isolate');
    const drainOf = async (id: string) => (await incidentOf(kit, id)).journal.find((e) => e.step === 'drain-node');
    let isLess = false;
    const less: Cap = { tier: 'quarantine', mode: 'act', because: ['quarantine at most, by now'] };
    const ports: Kit['ports'] = {
      ...kit.ports,
      capOf: (incident) => (isLess && incident.id === 'i-1' ? less : kit.cap.now),
      clock: {
        ...clock,
        sleep: async (ms) => {
          isLess ||= (await drainOf('i-1'))?.state === 'pending';
          return clock.sleep(ms);
        },
      },
    };
    await clock.drive(run(ports, 'i-1'));
    assert.equal((await drainOf('i-1'))?.state, 'held');
    const shared = async () =>
      (await kit.ports.stores.hosts.get(pod.host?.id ?? ''))?.journal.find((e) => e.step === 'drain-node');
    const { deadline } = (await shared()) ?? assert.fail();
    const again = async () => {
      await clock.sleep(60_000);
      await setGoal(kit, 'i-1', 'isolate');
      await run(kit.ports, 'i-1');
    };
    const seen = clock.sleep(100_000).then(shared);
    await clock.drive(Promise.all([run(kit.ports, 'i-2'), again()]));
    assert.deepEqual([(await seen)?.state, (await seen)?.deadline], ['pending', deadline]);
  });

  it('does not count as a change of ours if it only waited for a host that another incident had leased', async () => {
    const { kit, pod } = await opened('quarantine');
    await leasedToAnother(kit, pod);
    await kit.clock.drive(run(kit.ports, 'i-1'));
    kit.cap.now = { tier: 'observe', mode: 'act', because: ['suppressed'] };
    const incident = await deliver(kit);
    assert.ok(incident.journal.every((e) => e.host === undefined || e.step === 'deny-pod-network'));
  });

  it('is begun under a later goal that the policy allows', async () => {
    const { kit, pod } = await opened('isolate');
    const { lease: _, ...free } = await leasedToAnother(kit, pod);
    await kit.clock.drive(run(kit.ports, 'i-1'));
    const { cap } = kit;
    const allowed = cap.now;
    cap.now = { tier: 'snapshot', mode: 'act', because: ['snapshot at most'] };
    const lowered = await deliver(kit);
    const unbegun = lowered.journal.filter((e) => e.because === 'not begun: snapshot at most').map(({ step }) => step);
    assert.deepEqual(unbegun, ['keep-disks', 'cordon-node', 'leave-group']);
    cap.now = allowed;
    await kit.ports.stores.hosts.put(free.id, { ...free, holders: [] }, free.rev);
    const raised = await reach(kit, 'i-1', 'isolate');
    assert.deepEqual(
      raised.journal.filter(({ state }) => state === 'skipped').map(({ step, because }) => `${step}: ${because}`),
      [],
    );
  });
});

describe('a policy that becomes a dry run while a change is under way', () => {
  it('leaves a begun change as it is, with the before-image that a release needs', async () => {
    const twin = await opened('quarantine');
    const counted = crashing(twin.kit.ports);
    await twin.kit.clock.drive(run(counted.ports, 'i-1'));
    const patches = counted.names().flatMap((name, n) => (name.endsWith('.patch') ? [n + 1] : []));
    assert.equal(patches.length, 2);
    for (const call of patches) {
      const { kit, pod } = await opened('quarantine');
      await dieAt(kit, call);
      await kit.clock.advance(TICK_MS);
      kit.world.settle();
      kit.cap.now = { tier: 'delete-host', mode: 'dry-run', because: ['the policy is a dry run as a whole'] };
      const before = changesOf(kit);
      const dry = await deliver(kit);
      assert.deepEqual(changesOf(kit), before);
      const isBegun = (e: (typeof dry.journal)[number]): boolean => e.before !== undefined || e.host !== undefined;
      assert.ok(dry.journal.every((e) => e.state !== 'dry-run' || !isBegun(e)));
      await setGoal(kit, 'i-1', 'released');
      kit.cap.now = { tier: 'delete-host', mode: 'act', because: [] };
      assert.equal((await deliver(kit)).state, 'released');
      const live = kit.cluster.get({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod.name });
      assert.equal(live?.metadata.labels?.quarantine, undefined);
      assert.ok(kit.cluster.list('v1', 'Node').every((node) => node.spec?.unschedulable !== true));
    }
  });
});
