import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { openLedger } from '../../../shared/containment/ledger.ts';
import { openReserve } from '../../../shared/containment/reserve.ts';
import { run } from '../../../shared/containment/run.ts';
import { DEFAULT_POLICY } from '../../../shared/decision/policy.ts';
import { approve } from '../../../shared/decision/requests/answer.ts';
import { tick } from '../../../shared/decision/tick.ts';
import { Conflict, Malformed, Transient } from '../../../shared/errors.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import type { Goal } from '../../../shared/model/decision.ts';
import type { Entry, PlanItem } from '../../../shared/model/entry.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import type { HostRef, PodSubject } from '../../../shared/model/subject.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { beforePatch } from '../../kit/before-patch.ts';
import {
  AMPLE,
  changesOf,
  containmentKit,
  incidentOf,
  type Kit,
  openIncident,
  setGoal,
  subjectOf,
} from '../../kit/containment.ts';
import { crashing } from '../../kit/crash.ts';
import { callOf, dieAt } from '../../kit/deliveries.ts';

const podsNamed = (kit: Kit, namespace: string, start: string) =>
  kit.cluster
    .list('v1', 'Pod')
    .filter((pod) => pod.metadata.namespace === namespace && pod.metadata.name.startsWith(start));

const POLICY = { ...DEFAULT_POLICY, mode: 'act' as const };

const zoneOf = (pod?: KubeObject): string => String(pod?.spec?.nodeName).slice(0, -1);

/** A kit with the default budgets, and incidents on two pods in different zones. */
const kitted = async (severity: 'high' | 'critical' = 'high'): Promise<Kit> => {
  const kit = containmentKit();
  Object.assign(kit.ports, { budgets: DEFAULT_POLICY.budgets });
  const pods = podsNamed(kit, 'shop', 'cart');
  const [first] = pods;
  const other = pods.find((pod) => zoneOf(pod) !== zoneOf(first));
  if (first === undefined || other === undefined) throw new Error('the shop has too few pods');
  for (const [id, pod] of [
    ['i-1', first],
    ['i-2', other],
  ] as const) {
    const incident = await openIncident(kit, id, [await subjectOf(kit, pod)], 'quarantine');
    await kit.ports.stores.incidents.put(
      id,
      {
        ...incident,
        severity,
        decision: { verdict: 'act', tier: 'quarantine', because: [], policyHash: 'h', at: timeOf(kit.clock.now()) },
      },
      incident.rev,
    );
  }
  return kit;
};
const runs = (kit: Kit, id: string) => kit.clock.drive(run(kit.ports, id));
const operate = (kit: Kit) => ({ ...kit.ports, policy: POLICY, policyHash: 'h' });
const held = async (kit: Kit, id: string): Promise<string[]> =>
  (await incidentOf(kit, id)).journal.filter((e) => e.state === 'held').map((e) => e.step);

describe('containment/reserve', () => {
  it('holds the node steps of an incident that exceeds the budget, and carries out its pod steps', async () => {
    const kit = await kitted();
    await runs(kit, 'i-1');
    await runs(kit, 'i-2');
    assert.deepEqual(await held(kit, 'i-1'), []);
    assert.deepEqual(await held(kit, 'i-2'), ['keep-disks', 'cordon-node']);
    const incident = await incidentOf(kit, 'i-2');
    assert.match(
      incident.held?.because ?? '',
      /budget of this cluster is 1 node within 60 minutes .* would make it 2$/,
    );
    assert.equal(incident.held?.budget, true);
    assert.equal(incident.run.rev, 1);
    assert.equal(incident.outbox.at(-1)?.kind, 'held');
    const applied = incident.journal.filter((e) => e.state === 'applied').map((e) => e.step);
    assert.ok(applied.includes('quarantine-pod') && applied.includes('capture-evidence'));
  });

  it('asks one question for the held steps, whose approval lifts the budget', async () => {
    const kit = await kitted();
    await runs(kit, 'i-1');
    await runs(kit, 'i-2');
    for (let n = 0; n < 2; n += 1) {
      await kit.clock.advance(60_000);
      await kit.clock.drive(tick(operate(kit)));
    }
    const asking = await incidentOf(kit, 'i-2');
    const asked = asking.decision?.asked;
    assert.deepEqual([asked?.tier, asked?.lifts], ['quarantine', true]);
    assert.equal(asking.outbox.filter((n) => n.kind === 'ask').length, 1);
    const at = timeOf(kit.clock.now());
    const request = {
      action: 'approve',
      incident: 'i-2',
      plan: asked?.plan ?? '',
      reason: 'seen',
      requestedBy: 'ana@example.com',
    } as const;
    const { state, outcome } = await approve(operate(kit), {
      id: 'r-1',
      at,
      seenAt: at,
      request,
      operator: { email: undefined, by: 'ana@example.com' },
    });
    assert.equal(state, 'accepted', outcome);
    await runs(kit, 'i-2');
    const done = await incidentOf(kit, 'i-2');
    assert.deepEqual(
      done.journal.filter((e) => e.state !== 'applied').map((e) => e.step),
      [],
    );
    assert.equal(done.held, undefined);
    assert.equal(done.lifted?.by, 'ana@example.com');
  });

  it('does not ask again after a person rejected the ask, and reserves again under a new goal', async () => {
    const kit = await kitted();
    await runs(kit, 'i-1');
    await runs(kit, 'i-2');
    await kit.clock.drive(tick(operate(kit)));
    const asked = await incidentOf(kit, 'i-2');
    const { plan = '', tier = 'quarantine' } = asked.decision?.asked ?? {};
    const { asked: _, ...decision } = asked.decision ?? {
      verdict: 'act' as const,
      tier,
      because: [],
      policyHash: 'h',
      at: asked.openedAt,
    };
    const answer = {
      plan,
      tier,
      outcome: 'rejected' as const,
      by: 'ana@example.com',
      at: timeOf(kit.clock.now()),
      lifts: true as const,
    };
    await kit.ports.stores.incidents.put('i-2', { ...asked, decision, answered: [answer] }, asked.rev);
    await kit.clock.advance(60_000);
    await kit.clock.drive(tick(operate(kit)));
    assert.equal((await incidentOf(kit, 'i-2')).decision?.asked, undefined);
    await kit.clock.advance(60 * 60_000);
    await setGoal(kit, 'i-2', 'quarantine');
    await runs(kit, 'i-2');
    assert.deepEqual(await held(kit, 'i-2'), []);
  });

  it('charges nothing for a node that an incident has already taken, be it another one or itself', async () => {
    const kit = await kitted();
    const [pod] = podsNamed(kit, 'shop', 'cart');
    if (pod === undefined) throw new Error('no pod');
    await openIncident(kit, 'i-3', [await subjectOf(kit, pod)], 'quarantine');
    await runs(kit, 'i-1');
    await runs(kit, 'i-3');
    assert.deepEqual(await held(kit, 'i-3'), []);
    await setGoal(kit, 'i-1', 'isolate');
    await runs(kit, 'i-1');
    assert.deepEqual(await held(kit, 'i-1'), []);
  });

  /** Other runs write the budget first, this many times. */
  const overtaken = (kit: Kit, times: number): void => {
    let left = times;
    const { budgets } = kit.ports.stores;
    const put: typeof budgets.put = async (...given) => {
      left -= 1;
      if (left >= 0) throw new Conflict('another run wrote it first');
      return budgets.put(...given);
    };
    Object.assign(kit.ports, { stores: { ...kit.ports.stores, budgets: { ...budgets, put } } });
  };

  it('is reserved in a storm too, where many other runs write it first', async () => {
    const kit = await kitted();
    overtaken(kit, 30);
    await runs(kit, 'i-1');
    assert.deepEqual(await held(kit, 'i-1'), []);
  });

  it('has the message delivered again, and asks nobody, if it cannot be reserved because of other runs', async () => {
    const kit = await kitted();
    overtaken(kit, 1000);
    await assert.rejects(runs(kit, 'i-1'), Transient);
    const { journal, held: isHeld } = await incidentOf(kit, 'i-1');
    assert.deepEqual([journal.filter(({ state }) => state === 'held'), isHeld], [[], undefined]);
    const denied = journal.find(({ step }) => step === 'deny-pod-network');
    assert.equal(denied?.state, 'applied', 'what costs nothing is done');
  });

  it('holds the steps if the budget cannot be read', async () => {
    const kit = await kitted();
    const { budgets } = kit.ports.stores;
    const unread = () => Promise.reject(new Malformed('the document is of another shape'));
    Object.assign(kit.ports, { stores: { ...kit.ports.stores, budgets: { ...budgets, get: unread } } });
    await runs(kit, 'i-1');
    assert.deepEqual(await held(kit, 'i-1'), ['keep-disks', 'cordon-node', 'quarantine-pod']);
    assert.match((await incidentOf(kit, 'i-1')).held?.because ?? '', /cannot be read.*another shape/);
    assert.deepEqual(
      changesOf(kit).filter((change) => /Node|instances|Pod /.test(change)),
      [],
    );
  });

  it('keeps to the budget when two runs reserve at once', async () => {
    const kit = await kitted();
    await kit.clock.drive(Promise.all([run(kit.ports, 'i-1'), run(kit.ports, 'i-2')]));
    const both = [...(await held(kit, 'i-1')), ...(await held(kit, 'i-2'))];
    assert.deepEqual(both, ['keep-disks', 'cordon-node']);
  });

  it('does not charge the budget for a dry run', async () => {
    const kit = await kitted();
    kit.cap.now = { tier: 'delete-host', mode: 'dry-run', because: [] };
    await runs(kit, 'i-1');
    assert.deepEqual((await kit.ports.stores.budgets.list({})).items, []);
    assert.deepEqual(await held(kit, 'i-1'), []);
  });

  it('costs nothing on a node that is still held, even after an hour', async () => {
    const kit = await kitted();
    const [pod] = podsNamed(kit, 'shop', 'cart');
    if (pod === undefined) throw new Error('no pod');
    await openIncident(kit, 'i-3', [await subjectOf(kit, pod)], 'quarantine');
    await runs(kit, 'i-1');
    await kit.clock.advance(61 * 60_000);
    await runs(kit, 'i-2');
    await runs(kit, 'i-3');
    assert.deepEqual([await held(kit, 'i-2'), await held(kit, 'i-3')], [[], []]);
  });

  it('is asked again for a node that was only begun, if nothing came of it while the reservation counted', async () => {
    const kit = await kitted();
    await dieAt(kit, (await callOf(await kitted(), 'setDiskAutoDelete')) - 1);
    await kit.clock.advance(61 * 60_000);
    assert.equal((await incidentOf(kit, 'i-1')).journal.find((e) => e.step === 'keep-disks')?.state, 'applying');
    await runs(kit, 'i-2');
    await runs(kit, 'i-1');
    assert.deepEqual([await held(kit, 'i-2'), await held(kit, 'i-1')], [[], ['keep-disks', 'cordon-node']]);
  });

  it('is spent again on a node that its holder has released', async () => {
    const kit = await kitted();
    const [pod] = podsNamed(kit, 'shop', 'cart');
    if (pod === undefined) throw new Error('no pod');
    await openIncident(kit, 'i-3', [await subjectOf(kit, pod)], 'quarantine');
    await runs(kit, 'i-1');
    await setGoal(kit, 'i-1', 'released');
    await runs(kit, 'i-1');
    await kit.clock.advance(61 * 60_000);
    await runs(kit, 'i-2');
    await runs(kit, 'i-3');
    assert.deepEqual(await held(kit, 'i-3'), ['keep-disks', 'cordon-node']);
  });

  it('is spent again on a node that its holder is putting back into service', async () => {
    const kit = await kitted();
    const [pod] = podsNamed(kit, 'shop', 'cart');
    const subject = await subjectOf(kit, pod ?? assert.fail());
    await openIncident(kit, 'i-3', [subject], 'quarantine');
    await runs(kit, 'i-1');
    const host = await kit.ports.stores.hosts.get(String(subject.host?.id));
    if (host === undefined) throw new Error('no host');
    await kit.ports.stores.hosts.put(host.id, { ...host, undoing: 'i-1' }, host.rev);
    await kit.clock.advance(61 * 60_000);
    await runs(kit, 'i-2');
    await runs(kit, 'i-3');
    assert.deepEqual([await held(kit, 'i-2'), await held(kit, 'i-3')], [[], ['keep-disks', 'cordon-node']]);
  });

  it('is spent again on a node that a closed incident has left, and that people have put back into service', async () => {
    const kit = await kitted();
    const [pod] = podsNamed(kit, 'shop', 'cart');
    if (pod === undefined) throw new Error('no pod');
    await openIncident(kit, 'i-3', [await subjectOf(kit, pod)], 'quarantine');
    await runs(kit, 'i-1');
    await setGoal(kit, 'i-1', 'closed');
    await runs(kit, 'i-1');
    const node = { apiVersion: 'v1', kind: 'Node', name: String(pod.spec?.nodeName) };
    kit.cluster.edit(node, (draft) => Object.assign(draft.spec ?? {}, { unschedulable: false }));
    await kit.clock.advance(61 * 60_000);
    await runs(kit, 'i-2');
    await runs(kit, 'i-3');
    assert.deepEqual(await held(kit, 'i-3'), ['keep-disks', 'cordon-node']);
    assert.equal(kit.cluster.get(node)?.spec?.unschedulable, false);
  });

  it('counts all reservations of the last hour, and no older ones', async () => {
    const kit = await kitted();
    Object.assign(kit.ports, { budgets: { ...AMPLE, workloads: 2 } });
    for (const start of ['debug-shell', 'nightly-report', 'edge-probe']) {
      const [pod] = podsNamed(kit, 'shop', start);
      if (pod === undefined) throw new Error(`no pod ${start}`);
      await openIncident(kit, start, [await subjectOf(kit, pod)], 'quarantine');
    }
    const isHeld = async (id: string): Promise<boolean> => {
      await runs(kit, id);
      return (await held(kit, id)).includes('quarantine-pod');
    };
    assert.deepEqual([await isHeld('i-1'), await isHeld('debug-shell')], [false, false]);
    assert.equal(await isHeld('nightly-report'), true);
    await kit.clock.advance(61 * 60_000);
    assert.equal(await isHeld('edge-probe'), false);
  });

  it('is spent on a node of which another incident has only taken snapshots', async () => {
    const kit = await kitted();
    const [pod] = podsNamed(kit, 'shop', 'cart');
    if (pod === undefined) throw new Error('no pod');
    await openIncident(kit, 'i-3', [await subjectOf(kit, pod)], 'snapshot');
    for (const id of ['i-3', 'i-2', 'i-1']) await runs(kit, id);
    assert.deepEqual(await held(kit, 'i-1'), ['keep-disks', 'cordon-node']);
  });

  it('counts nodes by the principal that caused it, unless it is critical', async () => {
    for (const severity of ['high', 'critical'] as const) {
      const kit = await kitted(severity);
      Object.assign(kit.ports, { budgets: { ...AMPLE, nodesPerPrincipal: 1 } });
      for (const id of ['i-1', 'i-2']) {
        const known = await incidentOf(kit, id);
        const summary = { ...known.summary, principals: ['eve@example.com'] };
        await kit.ports.stores.incidents.put(id, { ...known, summary }, known.rev);
        await runs(kit, id);
      }
      assert.deepEqual(await held(kit, 'i-2'), severity === 'critical' ? [] : ['keep-disks', 'cordon-node']);
    }
  });

  it('holds back a workload beyond the budget of its namespace, and goes on with its node', async () => {
    const kit = await kitted();
    Object.assign(kit.ports, { budgets: { ...AMPLE, workloads: 1 } });
    for (const [id, namespace, start] of [
      ['i-3', 'shop', 'debug-shell'],
      ['i-4', 'payments', 'ledger-0'],
    ] as const) {
      const [pod] = podsNamed(kit, namespace, start);
      if (pod === undefined) throw new Error(`no pod ${start}`);
      await openIncident(kit, id, [await subjectOf(kit, pod)], 'quarantine');
    }
    for (const id of ['i-1', 'i-2', 'i-3', 'i-4']) await runs(kit, id);
    assert.deepEqual([await held(kit, 'i-1'), await held(kit, 'i-2')], [[], []], 'two pods of one workload');
    assert.deepEqual(await held(kit, 'i-3'), ['quarantine-pod']);
    assert.equal((await held(kit, 'i-4')).includes('quarantine-pod'), false, 'another namespace');
  });
});

describe('a change that was begun, and goes on when its reservation no longer counts', () => {
  const cordoned = (kit: Kit) => kit.cluster.list('v1', 'Node').filter(({ spec }) => spec?.unschedulable === true);
  const entryOf = async (kit: Kit, step: string) => (await incidentOf(kit, 'i-1')).journal.find((e) => e.step === step);
  const HOUR_MS = 61 * 60_000;

  /**
   * A kit in which the first incident's change of its node, or of its pod, was begun so long ago, and nothing sent for
   * it.
   */
  const begun = async (kind: 'Node' | 'Pod', budgets = DEFAULT_POLICY.budgets, ago = HOUR_MS): Promise<Kit> => {
    const [kit, twin] = [await kitted(), await kitted()];
    for (const { ports } of [kit, twin]) Object.assign(ports, { budgets });
    if (kind === 'Node') {
      const counted = crashing(twin.ports);
      await twin.clock.drive(run(counted.ports, 'i-1'));
      await dieAt(kit, counted.names().indexOf('.clusters.writer.patch'));
    } else
      await assert.rejects(kit.clock.drive(run(beforePatch(kit.ports, 'Pod', fails), 'i-1')), /cannot be patched now/);
    await kit.clock.advance(ago);
    return kit;
  };
  const fails = async (): Promise<void> => {
    throw new Transient('it cannot be patched now');
  };
  const lift = async (kit: Kit): Promise<void> => {
    const known = await setGoal(kit, 'i-1', 'quarantine');
    const lifted = { by: 'ana@example.com', at: timeOf(kit.clock.now()) };
    await kit.ports.stores.incidents.put('i-1', { ...known, lifted }, known.rev);
    await runs(kit, 'i-1');
  };

  it('is held where others have used the budget up by then, and made once a person lifts it', async () => {
    const kit = await begun('Node');
    assert.equal((await entryOf(kit, 'cordon-node'))?.state, 'applying');
    await runs(kit, 'i-2');
    await runs(kit, 'i-1');
    assert.deepEqual([await held(kit, 'i-2'), await held(kit, 'i-1')], [[], ['keep-disks', 'cordon-node']]);
    const { proof, because, requestId } = (await entryOf(kit, 'cordon-node')) ?? {};
    assert.deepEqual([proof, requestId !== undefined, cordoned(kit).length], ['not proven', true, 1]);
    assert.match(because ?? '', /^the budget of this cluster is 1 node .* would make it 2$/);
    assert.equal((await incidentOf(kit, 'i-1')).held?.budget, true);
    await lift(kit);
    assert.deepEqual([await held(kit, 'i-1'), cordoned(kit).length], [[], 2]);
    await setGoal(kit, 'i-1', 'released');
    await runs(kit, 'i-1');
    assert.deepEqual([(await entryOf(kit, 'cordon-node'))?.state, cordoned(kit).length], ['undone', 1]);
  });

  it('is made where the budget has room, and counts again', async () => {
    const kit = await begun('Node');
    await runs(kit, 'i-1');
    await runs(kit, 'i-2');
    assert.deepEqual([await held(kit, 'i-1'), await held(kit, 'i-2')], [[], ['keep-disks', 'cordon-node']]);
  });

  it('counts from when it is made, where its reservation is still counted by then', async () => {
    for (const kind of ['Node', 'Pod'] as const) {
      const kit = await begun(kind, { ...DEFAULT_POLICY.budgets, workloads: 1 }, 50 * 60_000);
      await runs(kit, 'i-1');
      assert.deepEqual([await held(kit, 'i-1'), cordoned(kit).length], [[], 1]);
      await kit.clock.advance(50 * 60_000);
      const [other] = podsNamed(kit, 'shop', 'debug-shell');
      await openIncident(kit, 'i-3', [await subjectOf(kit, other ?? assert.fail())], 'quarantine');
      await runs(kit, 'i-3');
      // Before its pod, the node had been taken out of service already.
      assert.ok((await held(kit, 'i-3')).includes('quarantine-pod'), kind);
      await runs(kit, 'i-2');
      assert.deepEqual(await held(kit, 'i-2'), kind === 'Node' ? ['keep-disks', 'cordon-node'] : [], kind);
    }
  });

  it('counts from when another incident makes it, where nothing else is to be counted by then', async () => {
    const kit = await begun('Node', DEFAULT_POLICY.budgets, 50 * 60_000);
    const [pod] = podsNamed(kit, 'shop', 'cart');
    await openIncident(kit, 'i-3', [await subjectOf(kit, pod ?? assert.fail())], 'quarantine');
    await runs(kit, 'i-3');
    assert.deepEqual([await held(kit, 'i-3'), cordoned(kit).length], [[], 1]);
    await kit.clock.advance(15 * 60_000);
    await runs(kit, 'i-2');
    assert.deepEqual([await held(kit, 'i-2'), cordoned(kit).length], [['keep-disks', 'cordon-node'], 1]);
  });

  it('counts from when it is made also where the disks of the node were kept before', async () => {
    const kit = await kitted();
    kit.cluster.faults.add({ verb: 'patch', kind: 'Node', times: 1_000, fault: '403' });
    await runs(kit, 'i-1');
    assert.equal((await entryOf(kit, 'keep-disks'))?.state, 'applied');
    await kit.clock.advance(50 * 60_000);
    kit.cluster.faults.clear();
    await runs(kit, 'i-1');
    await kit.clock.advance(50 * 60_000);
    await runs(kit, 'i-2');
    assert.deepEqual([await held(kit, 'i-2'), cordoned(kit).length], [['keep-disks', 'cordon-node'], 1]);
  });

  it('does not count anew with what else is done to a node that is out of service', async () => {
    const kit = await kitted();
    await runs(kit, 'i-1');
    await kit.clock.advance(30 * 60_000);
    await setGoal(kit, 'i-1', 'isolate');
    await runs(kit, 'i-1');
    await kit.clock.advance(31 * 60_000);
    await runs(kit, 'i-2');
    assert.deepEqual([await held(kit, 'i-1'), await held(kit, 'i-2')], [[], []]);
  });

  it('is held also on a pod, in the budget of its namespace', async () => {
    const kit = await begun('Pod', { ...AMPLE, workloads: 1 });
    assert.equal((await entryOf(kit, 'quarantine-pod'))?.state, 'applying');
    const [other] = podsNamed(kit, 'shop', 'debug-shell');
    await openIncident(kit, 'i-3', [await subjectOf(kit, other ?? assert.fail())], 'quarantine');
    await runs(kit, 'i-3');
    await runs(kit, 'i-1');
    assert.deepEqual([await held(kit, 'i-3'), await held(kit, 'i-1')], [[], ['quarantine-pod']]);
    await lift(kit);
    assert.equal((await entryOf(kit, 'quarantine-pod'))?.state, 'applied');
  });

  it('is held also where it was denied, and a person asks for it again', async () => {
    for (const minutes of [20, 61]) {
      const kit = await kitted();
      kit.cluster.faults.add({ verb: 'patch', kind: 'Node', times: 1_000, fault: '403' });
      await runs(kit, 'i-1');
      assert.equal((await entryOf(kit, 'cordon-node'))?.state, 'pending');
      if (minutes === 20) {
        for (let minute = 0; minute < 20; minute += 1) {
          await kit.clock.advance(60_000);
          await runs(kit, 'i-1');
        }
        assert.equal((await entryOf(kit, 'cordon-node'))?.state, 'failed');
      }
      await kit.clock.advance(HOUR_MS);
      kit.cluster.faults.clear();
      await runs(kit, 'i-2');
      if (minutes === 20) await setGoal(kit, 'i-1', 'quarantine');
      await runs(kit, 'i-1');
      assert.deepEqual([await held(kit, 'i-1'), cordoned(kit).length], [['cordon-node'], 1], `${minutes}`);
    }
  });

  it('goes on without a look at the cluster while its reservation counts', async () => {
    const kit = await kitted();
    await dieAt(kit, (await callOf(await kitted(), '.clusters.writer.patch')) - 1);
    await kit.clock.advance(2 * 60_000);
    const { clusters } = kit.ports;
    const reader: typeof clusters.reader = (cluster) => ({
      ...clusters.reader(cluster),
      each: async (query, look) =>
        query.kind === 'Node' ? assert.fail('nodes are listed') : clusters.reader(cluster).each(query, look),
    });
    Object.assign(kit.ports, { clusters: { ...clusters, reader } });
    await runs(kit, 'i-1');
    assert.deepEqual([await held(kit, 'i-1'), cordoned(kit).length], [[], 1]);
  });

  it('is recorded as half-way by a close', async () => {
    const kit = await begun('Node');
    await runs(kit, 'i-2');
    await runs(kit, 'i-1');
    await setGoal(kit, 'i-1', 'closed');
    await runs(kit, 'i-1');
    const { state, proof, because, halfway } = (await entryOf(kit, 'cordon-node')) ?? {};
    assert.deepEqual([state, proof, halfway], ['applied', 'not proven', true]);
    assert.match(because ?? '', /^closed while this step was under way; before that: the budget of this cluster is /);
  });
});

/** A kit whose cluster shows every other node of a zone than that of `i-1` so. */
const besides = async (change: (node: KubeObject) => KubeObject): Promise<Kit> => {
  const kit = await kitted();
  const mine = podsNamed(kit, 'shop', 'cart')[0]?.spec?.nodeName;
  const { clusters } = kit.ports;
  const reader: typeof clusters.reader = (cluster) => {
    const read = clusters.reader(cluster);
    const shown = (one: KubeObject) => (one.kind === 'Node' && one.metadata.name !== mine ? change(one) : one);
    const each: typeof read.each = (query, look) => read.each(query, (page) => look(page.map(shown)));
    return { ...read, each };
  };
  Object.assign(kit.ports, { clusters: { ...clusters, reader } });
  return kit;
};

const readyIs = (status: string) => (node: KubeObject) => ({
  ...node,
  status: {
    conditions: [{ type: 'DiskPressure', status: 'True' }, ...(status === '' ? [] : [{ type: 'Ready', status }])],
  },
});

describe('the last Ready node of a zone', () => {
  it('is held back while every other node is not Ready, unknown, without a Ready condition, or cordoned', async () => {
    for (const change of [
      ...['False', 'Unknown', ''].map(readyIs),
      (node: KubeObject) => ({ ...node, spec: { ...node.spec, unschedulable: true } }),
    ]) {
      const kit = await besides(change);
      await runs(kit, 'i-1');
      assert.deepEqual(await held(kit, 'i-1'), ['keep-disks', 'cordon-node']);
      assert.match((await incidentOf(kit, 'i-1')).held?.because ?? '', /is the last Ready node of pool pool-1 in/);
    }
  });

  it('is not the last one if another node is Ready', async () => {
    const kit = await besides(readyIs('True'));
    await runs(kit, 'i-1');
    assert.deepEqual(await held(kit, 'i-1'), []);
  });

  it('is not one that only says so: the pool and zone are those of its VM', async () => {
    for (const label of ['cloud.google.com/gke-nodepool', 'topology.kubernetes.io/zone']) {
      const kit = await kitted();
      const name = String(podsNamed(kit, 'shop', 'cart')[0]?.spec?.nodeName);
      kit.cluster.edit({ apiVersion: 'v1', kind: 'Node', name }, ({ metadata }) => {
        Object.assign(metadata.labels ?? {}, { [label]: 'mine' });
      });
      await runs(kit, 'i-1');
      assert.deepEqual(await held(kit, 'i-1'), [], label);
    }
  });

  it('is taken at its word where its VM cannot be read', async () => {
    const kit = await kitted();
    const name = String(podsNamed(kit, 'shop', 'cart')[0]?.spec?.nodeName);
    kit.cluster.edit({ apiVersion: 'v1', kind: 'Node', name }, ({ metadata }) => {
      Object.assign(metadata.labels ?? {}, { 'cloud.google.com/gke-nodepool': 'mine' });
    });
    const instance = () => Promise.reject(new Transient('Compute Engine does not answer'));
    Object.assign(kit.ports, { compute: { ...kit.ports.compute, instance } });
    await assert.rejects(runs(kit, 'i-1'), Transient);
    assert.match((await incidentOf(kit, 'i-1')).held?.because ?? '', /is the last Ready node of pool mine in/);
  });

  it('is found by the UID of the Node if its VM is out of reach', async () => {
    const kit = await besides(readyIs('False'));
    const known = await incidentOf(kit, 'i-1');
    const subjects = known.subjects.map((s) => {
      if (s.kind !== 'pod' || s.host === undefined) return s;
      const { node, nodeUid } = s.host;
      return { ...s, host: { id: nodeUid, node, nodeUid } };
    });
    await kit.ports.stores.incidents.put('i-1', { ...known, subjects }, known.rev);
    await runs(kit, 'i-1');
    assert.match((await incidentOf(kit, 'i-1')).held?.because ?? '', /is the last Ready node of pool pool-1 in/);
  });
});

/** Why the budget holds back an incident with these subjects, whose plan cordons nodes of these names and ids. */
const refusalOf = async (kit: Kit, subjects: PodSubject[], nodes: ReadonlyArray<{ id: string; node: string }>) => {
  Object.assign(kit.ports, { budgets: DEFAULT_POLICY.budgets });
  const plan: PlanItem[] = nodes.map(({ id, node }) => ({ step: 'cordon-node', subject: node, uid: id, after: [] }));
  const opened = await openIncident(kit, 'i-1', subjects, 'quarantine');
  await kit.ports.stores.incidents.put('i-1', { ...opened, plan }, opened.rev);
  const isGoing = (incident: Incident): incident is Incident & { goal: Goal } => incident.goal !== null;
  const ledger = await openLedger(kit.ports, 'i-1', 'contain-1', 't-1', isGoing);
  assert.ok(ledger !== undefined);
  return openReserve(kit.ports, ledger, 1)(plan[0] ?? assert.fail(), 'begins');
};

describe('the budget of an incident whose VM was made again under way', () => {
  const onTwoNodes = async (kit: Kit): Promise<[PodSubject & { host: HostRef }, PodSubject & { host: HostRef }]> => {
    const [first, ...others] = podsNamed(kit, 'shop', 'cart');
    const other = others.find((pod) => pod.spec?.nodeName !== first?.spec?.nodeName);
    assert.ok(first !== undefined && other !== undefined);
    const [stays, moved] = [await subjectOf(kit, first), await subjectOf(kit, other)];
    assert.ok(stays.host !== undefined && moved.host !== undefined);
    return [
      { ...stays, host: stays.host },
      { ...moved, host: moved.host },
    ];
  };

  it('counts the node that its plan still names by the former VM', async () => {
    const kit = containmentKit();
    const [stays, moved] = await onTwoNodes(kit);
    const again = { ...moved, host: { ...moved.host, id: '42' }, formerHosts: [moved.host] };
    assert.match(
      (await refusalOf(kit, [stays, again], [stays.host, moved.host])) ?? '',
      /this would leave pool pool-1 without a Ready node in europe-west1-c$/,
    );
  });

  it('counts the node as it is now, although an incident holds what was done to its former VM', async () => {
    const kit = containmentKit();
    const [stays, moved] = await onTwoNodes(kit);
    const former = { ...moved.host, id: '42' };
    const before = { ...moved, uid: 'pod-of-the-former-vm', host: former };
    await openIncident(kit, 'i-0', [before], 'quarantine');
    const cordon = { step: 'cordon-node', subject: former.node, uid: '42', state: 'applied', proof: 'proven' } as const;
    const at = timeOf(kit.clock.now());
    const host = { v: 1, rev: 0, writer: '', id: '42', instance: '42', node: former.node } as const;
    const journal = [{ ...cordon, startedAt: at, endedAt: at, rev: 1, before: {} }];
    await kit.ports.stores.hosts.put('42', { ...host, holders: ['i-0'], journal }, null);
    assert.match(
      (await refusalOf(kit, [before, stays, moved], [former, stays.host, moved.host])) ?? '',
      /this would leave pool pool-1 without a Ready node in europe-west1-c$/,
    );
  });
});

describe('an item that was held back under a goal', () => {
  const at = '2026-03-02T03:00:00.000Z';
  const ITEM: PlanItem = { step: 'cordon-node', subject: 'n', uid: '1', after: [] };
  const HELD: Entry = {
    ...{
      step: 'keep-disks',
      subject: 'n',
      uid: '1',
      state: 'held',
      because: 'used up',
      startedAt: at,
      proof: null,
      rev: 1,
    },
  };
  const isGoing = (incident: Incident): incident is Incident & { goal: Goal } => incident.goal !== null;
  const asked = async (entry: Entry, item = ITEM, takes = true): Promise<string | undefined> => {
    const kit = await kitted();
    if (!takes) kit.ports.stores.budgets.get = () => assert.fail('the budget is read');
    const known = await incidentOf(kit, 'i-1');
    await kit.ports.stores.incidents.put('i-1', { ...known, journal: [entry] }, known.rev);
    const ledger = await openLedger(kit.ports, 'i-1', 'contain-1', 't-1', isGoing);
    if (ledger === undefined) throw new Error('the incident is held by another run');
    return openReserve(kit.ports, ledger, 1)(item, takes ? 'begins' : 'ends');
  };

  it('stays held, with all items of its kind, even if the budget has room again', async () => {
    assert.equal(await asked(HELD), 'used up');
  });

  it('is asked for no budget where it takes nothing out of service, and stays held with the others of its kind', async () => {
    assert.equal(await asked(HELD, ITEM, false), 'used up');
    assert.equal(await asked(HELD, { ...ITEM, step: 'quarantine-pod' }, false), undefined);
  });

  it('does not hold back another kind, another goal, or an item that was not held or was begun', async () => {
    assert.equal(await asked(HELD, { ...ITEM, step: 'quarantine-pod' }), undefined);
    assert.equal(await asked(HELD, { ...ITEM, step: 'start-snapshots' }), undefined);
    assert.equal(await asked({ ...HELD, rev: 0 }), undefined);
    assert.equal(await asked({ ...HELD, state: 'applied' }), undefined);
    assert.equal(await asked({ ...HELD, before: {} }), undefined);
  });
});
