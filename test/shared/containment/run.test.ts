import { strict as assert } from 'node:assert';
import { run } from '../../../shared/containment/run.ts';
import { publishDue, putIncident } from '../../../shared/incidents.ts';
import type { InstanceRef } from '../../../shared/model/compute.ts';
import { keyOf } from '../../../shared/model/entry.ts';
import { msOf, timeOf } from '../../../shared/model/time.ts';
import {
  changesOf,
  containmentKit,
  incidentOf,
  type Kit,
  openIncident,
  podNamed,
  setGoal,
  subjectOf,
} from '../../kit/containment.ts';

const opened = async (tier: Parameters<typeof openIncident>[3], start = 'cart', namespace = 'shop'): Promise<Kit> => {
  const kit = containmentKit();
  await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, namespace, start))], tier);
  return kit;
};

const runs = (kit: Kit, id = 'i-1') => kit.clock.drive(run(kit.ports, id));

const repeated = (changes: string[]): string[] => changes.filter((change, i) => changes.indexOf(change) !== i);

describe('containment/run', () => {
  it('quarantines a pod with every step proven: the pod lives on without its controller, which replaces it', async () => {
    const kit = await opened('quarantine');
    const before = podNamed(kit, 'shop', 'cart');
    await runs(kit);
    const incident = await incidentOf(kit, 'i-1');
    assert.equal(incident.state, 'contained');
    assert.deepEqual(
      incident.journal
        .filter((e) => e.state !== 'applied' || e.proof !== 'proven')
        .map((e) => [e.step, e.state, e.because]),
      [],
    );
    const pods = kit.cluster.list('v1', 'Pod');
    const kept = pods.find((pod) => pod.metadata.uid === before.metadata.uid);
    assert.deepEqual(kept?.metadata.labels, { quarantine: 'true' });
    assert.equal(kept?.metadata.ownerReferences?.length ?? 0, 0);
    assert.equal(pods.filter((pod) => pod.metadata.labels?.app === 'cart').length, 3);
  });

  it('reaches its goal even if every read of a node takes longer than the rest of the lease', async () => {
    const kit = await opened('quarantine');
    const { compute, clock } = kit.ports;
    const slow = { ...compute, instance: (ref: InstanceRef) => clock.sleep(45_000).then(() => compute.instance(ref)) };
    await kit.clock.drive(run({ ...kit.ports, compute: slow }, 'i-1'));
    assert.equal((await incidentOf(kit, 'i-1')).state, 'contained');
  });

  it('changes the world once when a message is delivered twice at once and again later', async () => {
    const kit = await opened('isolate');
    await kit.clock.drive(Promise.all([run(kit.ports, 'i-1'), run(kit.ports, 'i-1')]));
    const once = changesOf(kit);
    assert.ok(once.length > 15);
    assert.deepEqual(repeated(once), []);
    await runs(kit);
    assert.deepEqual(changesOf(kit), once);
  });

  it('writes nothing in a dry run, and does not count its dry-run entries as done afterwards', async () => {
    const kit = await opened('isolate');
    kit.cap.now = { tier: 'delete-host', mode: 'dry-run', because: ['the policy says dry-run'] };
    await runs(kit);
    assert.deepEqual(changesOf(kit), []);
    const dry = await incidentOf(kit, 'i-1');
    assert.equal(dry.state, 'open');
    assert.deepEqual([...new Set(dry.journal.map((e) => e.state))], ['dry-run']);
    assert.deepEqual(await kit.ports.evidence.list('incidents/'), []);
    kit.cap.now = { tier: 'delete-host', mode: 'act', because: [] };
    await setGoal(kit, 'i-1', 'isolate');
    await runs(kit);
    assert.equal((await incidentOf(kit, 'i-1')).state, 'contained');
  });

  it('says in words what each step of a dry run would have done, and what would follow from it', async () => {
    const kit = await opened('isolate');
    kit.cap.now = { tier: 'delete-host', mode: 'dry-run', because: ['the policy says dry-run'] };
    await runs(kit);
    const { journal } = await incidentOf(kit, 'i-1');
    const said = new Map(journal.map(({ step, state, because = '' }) => [step, `${state}: ${because}`]));
    assert.match(said.get('start-snapshots') ?? '', /^dry-run: would take a snapshot of disk /);
    assert.match(said.get('leave-group') ?? '', /^dry-run: would take the VM out of group /);
    assert.match(said.get('restore-group-size') ?? '', /^dry-run: would add one VM to the group that the node leaves/);
    assert.match(said.get('drain-node') ?? '', /^dry-run: would evict \S+\/\S+/);
    assert.deepEqual(
      journal.filter(({ because = '' }) => /^would [a-z]+[A-Z]/.test(because)),
      [],
    );
  });

  it('carries out no more than the policy in force allows, whatever the goal', async () => {
    const kit = await opened('isolate');
    kit.cap.now = { tier: 'snapshot', mode: 'act', because: ['namespace shop is protected'] };
    await runs(kit);
    const steps = (await incidentOf(kit, 'i-1')).journal.map((e) => e.step);
    assert.deepEqual([...new Set(steps)].sort(), ['capture-evidence', 'start-snapshots']);
  });

  it('sends nothing under a halt, records who halted it, and goes on after the resume', async () => {
    const kit = await opened('quarantine');
    const halt = {
      v: 1,
      rev: 0,
      writer: '',
      halted: true,
      at: '2026-03-02T03:00:00.000Z',
      by: 'ana@example.com',
      reason: 'drill',
    } as const;
    const put = await kit.ports.stores.halts.put('halt', halt, null);
    await runs(kit);
    assert.deepEqual(changesOf(kit), []);
    const held = await incidentOf(kit, 'i-1');
    assert.match(held.held?.because ?? '', /halted by ana@example.com: drill/);
    await kit.ports.stores.halts.put('halt', { ...put, halted: false }, put.rev);
    await runs(kit);
    assert.equal((await incidentOf(kit, 'i-1')).state, 'contained');
    assert.equal((await incidentOf(kit, 'i-1')).held, undefined);
  });

  it('carries out a release requested after the halt, and holds one requested before it', async () => {
    for (const after of [true, false]) {
      const kit = await opened('quarantine');
      await runs(kit);
      if (!after) await setGoal(kit, 'i-1', 'released');
      await kit.clock.advance(1_000);
      const at = new Date(kit.clock.now()).toISOString();
      await kit.ports.stores.halts.put(
        'halt',
        { v: 1, rev: 0, writer: '', halted: true, at, by: 'ana@example.com', reason: 'drill' },
        null,
      );
      await kit.clock.advance(1_000);
      if (after) await setGoal(kit, 'i-1', 'released');
      const before = changesOf(kit).length;
      await runs(kit);
      assert.equal(changesOf(kit).length > before, after);
      assert.equal((await incidentOf(kit, 'i-1')).state, after ? 'released' : 'containing');
      await kit.clock.advance(1_000);
      if (!after) await setGoal(kit, 'i-1', 'released');
      await runs(kit);
      assert.equal((await incidentOf(kit, 'i-1')).state, 'released', 'also if it was asked for again');
    }
  });

  it('does not act on a pod that was made again under the same name', async () => {
    const kit = await opened('quarantine', 'ledger-0', 'payments');
    const pod = podNamed(kit, 'payments', 'ledger-0');
    kit.cluster.handle('anyone', {
      method: 'DELETE',
      path: '/api/v1/namespaces/payments/pods/ledger-0',
      query: {},
      body: { gracePeriodSeconds: 0 },
    });
    kit.world.settle();
    assert.notEqual(podNamed(kit, 'payments', 'ledger-0').metadata.uid, pod.metadata.uid);
    await runs(kit);
    const entry = (await incidentOf(kit, 'i-1')).journal.find((e) => e.step === 'quarantine-pod');
    assert.equal(entry?.state, 'skipped');
    assert.match(entry?.because ?? '', /gone, or another pod now has its name/);
    assert.equal(podNamed(kit, 'payments', 'ledger-0').metadata.labels?.quarantine, undefined);
  });

  it('keeps a shared node contained until its second holder releases it', async () => {
    const kit = containmentKit();
    const cart = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const neighbour = kit.cluster
      .list('v1', 'Pod')
      .find((p) => p.spec?.nodeName === cart.host?.node && p.metadata.name.startsWith('ledger'));
    assert.ok(neighbour);
    await openIncident(kit, 'i-1', [cart], 'isolate');
    await openIncident(kit, 'i-2', [await subjectOf(kit, neighbour)], 'isolate');
    await runs(kit, 'i-1');
    const once = changesOf(kit).filter((change) => change.includes('tags.items') || change.includes('Node'));
    await runs(kit, 'i-2');
    const joined = (await incidentOf(kit, 'i-2')).journal.find((e) => e.step === 'deny-node-network');
    assert.equal(joined?.state, 'applied');
    assert.match(joined?.because ?? '', /already done for incident i-1/);
    assert.deepEqual(
      changesOf(kit).filter((change) => change.includes('tags.items') || change.includes('Node')),
      once,
    );
    const tagged = () =>
      [...kit.world.compute.state.instances.values()].some(
        (i) => i.tags.items?.includes('firebreak-quarantine') === true,
      );
    await setGoal(kit, 'i-1', 'released');
    await runs(kit, 'i-1');
    assert.equal(tagged(), true);
    assert.match(
      (await incidentOf(kit, 'i-1')).journal.find((e) => e.step === 'deny-node-network')?.because ?? '',
      /kept: held by i-2/,
    );
    assert.equal((await incidentOf(kit, 'i-1')).state, 'released');
    await setGoal(kit, 'i-2', 'released');
    await runs(kit, 'i-2');
    assert.equal(tagged(), false);
    assert.equal(
      kit.cluster.list('v1', 'Node').some((n) => n.spec?.unschedulable === true),
      false,
    );
  });

  it('does not repeat a change that a stranger has undone', async () => {
    const kit = await opened('quarantine');
    await runs(kit);
    const node = kit.cluster.list('v1', 'Node').find((n) => n.spec?.unschedulable === true);
    assert.ok(node);
    kit.cluster.handle('anyone', {
      method: 'PATCH',
      path: `/api/v1/nodes/${node.metadata.name}`,
      query: {},
      contentType: 'application/merge-patch+json',
      body: { spec: { unschedulable: false } },
    });
    await setGoal(kit, 'i-1', 'isolate');
    await runs(kit);
    assert.equal(
      kit.cluster.list('v1', 'Node').some((n) => n.spec?.unschedulable === true),
      false,
    );
  });

  it('publishes one notice at the end, and does not publish it again', async () => {
    const kit = await opened('quarantine');
    await runs(kit);
    await runs(kit);
    assert.deepEqual(
      kit.published.map((p) => p.topic),
      ['notices'],
    );
    assert.equal((await incidentOf(kit, 'i-1')).dueAt, undefined);
  });

  it('does nothing while every open step waits, until the tick or another goal wakes it', async () => {
    const kit = await opened('quarantine');
    await runs(kit);
    // The disk was just snapshotted for another incident, and the service takes one snapshot in ten minutes.
    await kit.clock.advance(1000);
    const [held] = (await incidentOf(kit, 'i-1')).subjects;
    const pod = kit.cluster
      .list('v1', 'Pod')
      .find(
        ({ metadata, spec }) =>
          held?.kind === 'pod' && spec?.nodeName === held.host?.node && metadata.labels?.quarantine !== 'true',
      );
    assert.ok(pod !== undefined);
    await openIncident(kit, 'i-2', [await subjectOf(kit, pod)], 'quarantine');
    await runs(kit, 'i-2');
    const left = await incidentOf(kit, 'i-2');
    assert.deepEqual(
      left.journal.filter((e) => e.state === 'pending').map((e) => e.step),
      ['start-snapshots'],
    );
    assert.equal(left.run.walked, 1);
    const ids = () => kit.published.filter(({ topic }) => topic === 'containment').length;
    const changes = changesOf(kit);

    await run(kit.ports, 'i-2', left);
    await run(kit.ports, 'i-2');
    await publishDue(kit.ports, left);
    const still = await incidentOf(kit, 'i-2');
    // Only the publishing is recorded.
    assert.deepEqual([still.rev, still.journal, ids()], [left.rev + 1, left.journal, 0]);
    assert.deepEqual(changesOf(kit), changes);

    assert.ok(still.dueAt !== undefined && msOf(still.dueAt) > kit.clock.now());
    await kit.clock.advance(msOf(still.dueAt) - kit.clock.now());
    await publishDue(kit.ports, still);
    assert.equal(ids(), 1);
    await runs(kit, 'i-2');
    assert.ok((await incidentOf(kit, 'i-2')).rev > still.rev);

    const raised = await setGoal(kit, 'i-2', 'isolate');
    await publishDue(kit.ports, raised);
    assert.equal(ids(), 2);
    await runs(kit, 'i-2');
    assert.ok((await incidentOf(kit, 'i-2')).journal.some((e) => e.step === 'leave-group'));
  });

  it('captures evidence while snapshots start and disks are kept, and journals the steps in the order of the plan', async () => {
    const kit = await opened('quarantine');
    const heard: string[] = [];
    const { compute, evidence } = kit.ports;
    const ports: typeof kit.ports = {
      ...kit.ports,
      compute: {
        ...compute,
        createSnapshot: async (snapshot) => {
          heard.push('snapshot asked for');
          await kit.clock.sleep(1000);
          const made = await compute.createSnapshot(snapshot);
          heard.push('snapshot begun');
          return made;
        },
      },
      evidence: {
        ...evidence,
        put: (key, body) => {
          if (key.endsWith('manifest.json')) heard.push(key.includes('/objects/') ? 'objects kept' : 'logs kept');
          return evidence.put(key, body);
        },
      },
    };
    await kit.clock.drive(run(ports, 'i-1'));
    const at = (what: string): number => heard.indexOf(what);
    assert.equal(heard.length, 4);
    assert.ok(at('objects kept') < at('snapshot begun') && at('snapshot begun') < at('logs kept'), heard.join(', '));
    const { journal, plan } = await incidentOf(kit, 'i-1');
    assert.deepEqual(journal.map(keyOf), plan.map(keyOf));
  });

  it('notices a raised goal within seconds while it waits for a snapshot, without a wake-up message', async () => {
    const kit = await opened('quarantine');
    kit.world.compute.state.durations.snapshot = 120_000;
    const raise = async (): Promise<number> => {
      await kit.clock.sleep(30_000);
      const raised = await setGoal(kit, 'i-1', 'isolate');
      assert.ok(raised.lease !== undefined && raised.journal.some((e) => e.state === 'pending'));
      await publishDue(kit.ports, raised);
      return msOf(raised.goal?.at ?? '');
    };
    const driven = await kit.clock.drive(Promise.all([raise(), run(kit.ports, 'i-1')]));
    assert.ok(driven.settled);
    const [raisedAt] = driven.value;
    const { journal, run: reached } = await incidentOf(kit, 'i-1');
    assert.equal(reached.rev, 2);
    const began = journal.find((e) => e.step === 'leave-group')?.startedAt;
    assert.ok(began !== undefined && msOf(began) - raisedAt < 5_000, `raised at ${raisedAt}, begun at ${began}`);
    assert.deepEqual(
      kit.published.filter(({ topic }) => topic === 'containment'),
      [],
    );
  });

  it('is woken when the lease of a run that did not end is over', async () => {
    const kit = await opened('quarantine');
    const known = await incidentOf(kit, 'i-1');
    const until = timeOf(kit.clock.now() + 60_000);
    const left = await putIncident(kit.ports, { ...known, lease: { owner: 'gone', token: 't', until } }, known.rev);
    await publishDue(kit.ports, left);
    const ids = () => kit.published.filter(({ topic }) => topic === 'containment').length;
    assert.equal(ids(), 0);
    const due = await incidentOf(kit, 'i-1');
    assert.equal(due.dueAt, until);
    await kit.clock.advance(60_000);
    await publishDue(kit.ports, due);
    assert.equal(ids(), 1);
  });

  it('deletes nothing before the disks of a pod that joined during the run are safe, without a new goal', async () => {
    const kit = await opened('delete-workload');
    kit.world.compute.state.durations.snapshot = 60_000;
    const [first] = (await incidentOf(kit, 'i-1')).subjects;
    const other = kit.cluster
      .list('v1', 'Pod')
      .find(
        ({ metadata, spec }) =>
          metadata.labels?.app === 'cart' && first?.kind === 'pod' && spec?.nodeName !== first.host?.node,
      );
    assert.ok(other !== undefined);
    const join = async (): Promise<void> => {
      await kit.clock.sleep(30_000);
      const joined = await subjectOf(kit, other);
      const known = await incidentOf(kit, 'i-1');
      await putIncident(kit.ports, { ...known, subjects: [...known.subjects, joined] }, known.rev);
    };
    await kit.clock.drive(Promise.all([join(), run(kit.ports, 'i-1')]));
    const { journal } = await incidentOf(kit, 'i-1');
    const ready = journal.filter((e) => e.step === 'snapshots-ready');
    assert.deepEqual(
      ready.map((e) => e.state),
      ['applied', 'applied'],
    );
    const deleted = journal.find((e) => e.step === 'delete-workload');
    assert.equal(deleted?.state, 'applied');
    const gone = kit.world.log
      .by('firebreak-contain')
      .find((t) => t.verb === 'delete' && t.object.startsWith('Deployment'));
    assert.ok(gone !== undefined && ready.every((e) => msOf(e.endedAt ?? '') <= gone.at));
  });
});
