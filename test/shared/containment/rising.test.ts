import { strict as assert } from 'node:assert';
import { isSettled } from '../../../shared/model/entry.ts';
import { TIERS, type Tier } from '../../../shared/model/ids.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import type { HostRef } from '../../../shared/model/subject.ts';
import {
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
import { callOf, deliver, dieAt, reach, TICK_MS } from '../../kit/deliveries.ts';

const opened = async (tier: Tier, given: Parameters<typeof openIncident>[4] = {}): Promise<Kit> => {
  const kit = containmentKit();
  playKiller(kit);
  await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], tier, given);
  return kit;
};

const repeated = (changes: string[]): string[] => changes.filter((change, i) => changes.indexOf(change) !== i);
const stepsOf = ({ journal }: Incident): string[] => [...new Set(journal.map((e) => e.step))];
const failed = ({ journal }: Incident): string[] =>
  journal.filter((e) => e.state === 'failed').map((e) => `${e.step}: ${e.because}`);
const entryOf = ({ journal }: Incident, step: string) =>
  journal.find((e) => e.step === step) ?? assert.fail(`no entry of ${step}`);

/** Numbers of the calls after which a delivery of the lower tier dies: early, in the middle and near its end. */
const DEATHS = [6, 14, 25, 40, 60, 90];
const RISING = TIERS.slice(1);

describe('a goal that rises while a lower tier is in flight', () => {
  for (const [n, lower] of RISING.entries())
    for (const higher of RISING.slice(n + 1))
      it(`from ${lower} to ${higher} settles every step of both and repeats no change`, async function () {
        this.timeout(60_000);
        for (const call of DEATHS) {
          const kit = await opened(lower);
          await dieAt(kit, call);
          await kit.clock.advance(TICK_MS);
          const incident = await reach(kit, 'i-1', higher);
          const where = `${lower} died after call ${call}`;
          assert.deepEqual(failed(incident), [], where);
          assert.ok(incident.journal.every(isSettled), where);
          assert.deepEqual(repeated(changesOf(kit)), [], where);
          for (const { step } of incident.plan) assert.ok(stepsOf(incident).includes(step), `${where}: no ${step}`);
        }
      });

  it('makes the same changes as a direct goal when it rises step by step', async () => {
    const direct = await opened('isolate');
    await deliver(direct);
    for (const lower of ['snapshot', 'quarantine'] as const) {
      const kit = await opened(lower);
      await dieAt(kit, 30);
      await kit.clock.advance(TICK_MS);
      await reach(kit, 'i-1', 'isolate');
      assert.deepEqual(changesOf(kit).toSorted(), changesOf(direct).toSorted(), lower);
    }
  });

  it('finishes what a higher tier had begun when the goal falls', async () => {
    const kit = await opened('isolate');
    await dieAt(kit, 60);
    await kit.clock.advance(TICK_MS);
    const incident = await reach(kit, 'i-1', 'quarantine');
    assert.ok(stepsOf(incident).includes('deny-node-network'));
    assert.deepEqual(failed(incident), []);
  });
});

describe('a cut that a higher tier goes on with', () => {
  it('waits for the drain as long as under isolate', async () => {
    const kit = containmentKit();
    await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
    const blocked = { minAvailable: 2, selector: { matchLabels: { app: 'ledger' } } };
    const metadata = { name: 'ledger', namespace: 'payments' };
    kit.cluster.apply({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec: blocked });
    const rise = async (): Promise<void> => {
      await kit.clock.sleep(30_000);
      const known = await incidentOf(kit, 'i-1');
      assert.equal(entryOf(known, 'drain-node').state, 'pending');
      await setGoal(kit, 'i-1', 'delete-workload');
    };
    const risen = rise();
    const incident = await deliver(kit);
    await risen;
    assert.equal(entryOf(incident, 'delete-workload').state, 'applied');
    const [cut, drain] = [entryOf(incident, 'deny-node-network'), entryOf(incident, 'drain-node')];
    assert.ok(cut.startedAt >= (drain.endedAt ?? assert.fail('no end')), `${cut.startedAt} ${drain.endedAt}`);
  });
});

describe('a dry run of a higher tier that died', () => {
  it('leaves nothing to be done in earnest under a lower goal', async () => {
    const direct = await opened('quarantine');
    await deliver(direct);
    for (const call of DEATHS) {
      const kit = await opened('delete-workload', { mode: 'dry-run', requested: true });
      await dieAt(kit, call);
      await kit.clock.advance(TICK_MS);
      const incident = await reach(kit, 'i-1', 'quarantine', { requested: false });
      assert.deepEqual(changesOf(kit).toSorted(), changesOf(direct).toSorted(), `died after call ${call}`);
      assert.ok(incident.journal.every(isSettled), `died after call ${call}`);
    }
  });
});

describe('a node found to be within reach of its pod after its drain began', () => {
  it('is cut at once, and the drain goes on', async () => {
    const blocked = async (): Promise<Kit> => {
      const kit = await opened('isolate');
      // A disruption budget blocks every eviction, so the drain takes as long as it may.
      kit.cluster.apply({
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'ledger', namespace: 'payments' },
        spec: { minAvailable: 2, selector: { matchLabels: { app: 'ledger' } } },
      });
      return kit;
    };
    const kit = await blocked();
    await dieAt(kit, await callOf(await blocked(), '.evict'));
    const known = await incidentOf(kit, 'i-1');
    const subjects = known.subjects.map((s) => (s.kind === 'pod' ? { ...s, hostReach: true } : s));
    await kit.ports.stores.incidents.put('i-1', { ...known, subjects }, known.rev);
    await kit.clock.advance(TICK_MS);
    const incident = await reach(kit, 'i-1', 'isolate');
    const [cut, drain] = [entryOf(incident, 'deny-node-network'), entryOf(incident, 'drain-node')];
    assert.equal(cut.proof, 'proven');
    assert.ok((cut.endedAt ?? '') < (drain.endedAt ?? ''), 'the cut waited for the drain');
  });
});

describe('stopFirst', () => {
  it('deletes a workload at once, without a snapshot, a cordon or a quarantine before it', async () => {
    const kit = await opened('delete-workload', { stopFirst: true });
    const incident = await deliver(kit);
    assert.deepEqual(stepsOf(incident).toSorted(), ['delete-workload', 'kill-container']);
    assert.equal(entryOf(incident, 'delete-workload').proof, 'proven');
    assert.equal(kit.world.compute.state.snapshots.size, 0);
  });

  it('deletes a host without waiting for a snapshot, its disks kept', async () => {
    const kit = await opened('delete-host', { stopFirst: true });
    const incident = await deliver(kit);
    assert.equal(entryOf(incident, 'delete-host').proof, 'proven');
    assert.equal(kit.world.compute.state.snapshots.size, 0);
    assert.equal(kit.world.compute.state.disks.size, 5);
  });

  it('skips a gate that already waits when it is requested later', async () => {
    const kit = await opened('delete-workload');
    kit.world.compute.state.durations.snapshot = 3_600_000;
    await dieAt(kit, 90);
    await kit.clock.advance(TICK_MS);
    await setGoal(kit, 'i-1', 'delete-workload', { stopFirst: true });
    for (let tries = 0; tries < 3; tries += 1) {
      const incident = await deliver(kit, 'i-1', 200);
      if (entryOf(incident, 'delete-workload').state === 'applied') break;
    }
    assert.equal(
      kit.cluster.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' }),
      undefined,
    );
  });
});

const restorable = (kit: Kit) => ({
  nodes: kit.cluster
    .list('v1', 'Node')
    .map((n) => [n.metadata.name, n.spec?.unschedulable ?? false, n.metadata.annotations ?? {}]),
  policies: kit.cluster.list('networking.k8s.io/v1', 'NetworkPolicy').map((p) => p.metadata.name),
  tags: [...kit.world.compute.state.instances.values()].map((i) => [i.name, i.tags.items]),
  disks: [...kit.world.compute.state.instances.values()].map((i) => i.disks.map((d) => d.autoDelete)),
  labels: kit.cluster
    .list('v1', 'Pod')
    .flatMap((p) => (p.metadata.labels?.quarantine === undefined ? [] : [p.metadata.name])),
});

describe('a release while containment is in flight', () => {
  for (const tier of ['quarantine', 'isolate'] as const)
    it(`restores everything that ${tier} had changed by then`, async function () {
      this.timeout(60_000);
      for (const call of DEATHS) {
        const kit = await opened(tier);
        const before = restorable(kit);
        await dieAt(kit, call);
        await kit.clock.advance(TICK_MS);
        const incident = await reach(kit, 'i-1', 'released');
        await kit.clock.advance(TICK_MS);
        kit.world.settle();
        assert.equal(incident.state, 'released', `died after call ${call}`);
        const { nodes, ...others } = restorable(kit);
        const { nodes: was, ...rest } = before;
        assert.deepEqual(others, rest, `died after call ${call}`);
        assert.deepEqual(
          nodes.map(([, cordoned]) => cordoned),
          was.map(([, cordoned]) => cordoned),
        );
      }
    });

  it('gives a reason for each step that could not be undone', async () => {
    const kit = await opened('isolate');
    await deliver(kit);
    const incident = await reach(kit, 'i-1', 'released');
    const left = incident.journal.filter((e) => e.state === 'not-undoable');
    assert.ok(left.length > 0);
    for (const e of left) assert.ok((e.because ?? '').length > 20, e.step);
  });
});

describe('a target that is gone or was made again', () => {
  it('is recorded and acknowledged if the pod is gone, without a fault or a retry', async () => {
    const kit = await opened('delete-workload');
    const [subject] = (await kit.ports.stores.incidents.get('i-1'))?.subjects ?? [];
    assert.ok(subject?.kind === 'pod');
    kit.cluster.drop({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' });
    await kit.clock.advance(60_000);
    kit.world.settle();
    const incident = await deliver(kit, 'i-1', 3);
    for (const step of ['quarantine-pod', 'delete-workload'])
      assert.match(entryOf(incident, step).because ?? '', /gone/, step);
    assert.equal(incident.dueAt, undefined);
  });

  it('is recorded and acknowledged if the node is gone', async () => {
    const kit = await opened('isolate');
    const [subject] = (await kit.ports.stores.incidents.get('i-1'))?.subjects ?? [];
    assert.ok(subject?.kind === 'pod');
    const { host } = subject;
    const [url = ''] = [...kit.world.compute.state.instances.keys()].filter((key) => key.endsWith(host?.node ?? '-'));
    kit.world.compute.state.groups.clear();
    kit.world.compute.stranger.deleteInstance(url);
    await kit.clock.advance(10_000);
    kit.world.settle();
    const incident = await deliver(kit, 'i-1', 3);
    for (const step of ['start-snapshots', 'keep-disks', 'cordon-node', 'deny-node-network', 'remove-external-ip']) {
      assert.equal(entryOf(incident, step).state, 'skipped', step);
      assert.match(entryOf(incident, step).because ?? '', /gone/, step);
    }
    assert.equal(incident.dueAt, undefined);
  });

  it('is not changed if its VM and node were made again under the same name during the run', async () => {
    for (const call of [4, 20, 45]) {
      const kit = await opened('isolate');
      const [subject] = (await kit.ports.stores.incidents.get('i-1'))?.subjects ?? [];
      assert.ok(subject?.kind === 'pod');
      await dieAt(kit, call);
      const [url = ''] = [...kit.world.compute.state.instances.keys()].filter((key) =>
        key.endsWith(subject.host?.node ?? '-'),
      );
      kit.world.compute.stranger.recreate(url);
      await kit.clock.advance(TICK_MS);
      kit.world.settle();
      const since = kit.world.log.entries().length;
      const incident = await deliver(kit);
      const fresh = kit.world.compute.state.instances.get(url);
      assert.ok(fresh && fresh.id !== subject.host?.id);
      const node = kit.cluster.get({ apiVersion: 'v1', kind: 'Node', name: subject.host?.node ?? '' });
      const ours = kit.world.log
        .entries()
        .slice(since)
        .filter((t) => t.actor === 'firebreak-contain');
      assert.deepEqual(
        ours.filter((t) => t.uid === fresh.id || t.uid === node?.metadata.uid),
        [],
        `died after call ${call}`,
      );
      assert.ok(incident.journal.every(isSettled));
    }
  });
});

describe('a run on an Autopilot cluster', () => {
  it('refuses every node and VM step with a reason, and carries out every pod step', async () => {
    const kit = containmentKit();
    Object.assign(kit.cluster.described, { autopilot: { enabled: true } });
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const { node = '', nodeUid = '' } = subject.host ?? {};
    const host: HostRef = { id: nodeUid, node, nodeUid };
    await openIncident(kit, 'i-1', [{ ...subject, host }], 'isolate', { options: { investigate: true } });
    const incident = await deliver(kit);
    for (const step of ['cordon-node', 'drain-node', 'keep-disks', 'start-snapshots', 'leave-group'])
      assert.equal(entryOf(incident, step).state, 'refused', step);
    for (const step of ['deny-node-network', 'remove-external-ip', 'open-investigation-access'])
      assert.match(entryOf(incident, step).because ?? '', /Autopilot/, step);
    for (const step of ['deny-pod-network', 'quarantine-pod'])
      assert.equal(entryOf(incident, step).proof, 'proven', step);
    assert.equal(incident.state, 'contained');
    assert.equal(
      kit.cluster.list('v1', 'Node').some((n) => n.spec?.unschedulable === true),
      false,
    );
  });

  it('does not block a deletion behind snapshots that are impossible, and names what is lost', async () => {
    const kit = containmentKit();
    Object.assign(kit.cluster.described, { autopilot: { enabled: true } });
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const { node = '', nodeUid = '' } = subject.host ?? {};
    await openIncident(kit, 'i-1', [{ ...subject, host: { id: nodeUid, node, nodeUid } }], 'delete-workload');
    const incident = await deliver(kit);
    assert.match(entryOf(incident, 'snapshots-ready').because ?? '', /none of its disks can be kept/);
    assert.equal(entryOf(incident, 'delete-workload').proof, 'proven');
    assert.match(entryOf(incident, 'kill-container').because ?? '', /Autopilot.*out of reach, also for delete-host/);
  });
});
