import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { run } from '../../../shared/containment/run.ts';
import { keyOfPlace, takenOverFrom } from '../../../shared/decision/correlate.ts';
import { passOn } from '../../../shared/decision/requests/pass-on.ts';
import { Denied } from '../../../shared/errors.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import type { Host } from '../../../shared/model/host.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { clusterOf } from '../../../shared/model/target.ts';
import { timeOf } from '../../../shared/model/time.ts';
import {
  AMPLE,
  CONTAIN,
  changesOf,
  containmentKit,
  incidentOf,
  type Kit,
  openIncident,
  podNamed,
  setGoal,
  subjectOf,
} from '../../kit/containment.ts';
import { decisionKit } from '../../kit/decision.ts';
import { deliver, reach } from '../../kit/deliveries.ts';

const runs = (kit: Kit, id: string) => kit.clock.drive(run(kit.ports, id));

const nodeOf = (kit: Kit, pod: KubeObject): KubeObject | undefined =>
  kit.cluster.list('v1', 'Node').find(({ metadata }) => metadata.name === pod.spec?.nodeName);
const tagsOf = (kit: Kit, pod: KubeObject): string[] =>
  [...kit.world.compute.state.instances.values()].find(({ name }) => name === pod.spec?.nodeName)?.tags.items ?? [];

/** A pod whose incident, an isolating one by default, was closed, and the next episode `i-2`, which takes it over. */
const closed = async (
  tier: 'quarantine' | 'isolate' = 'isolate',
  first: 'quarantine' | 'isolate' = 'isolate',
): Promise<{ kit: Kit; pod: KubeObject }> => {
  const kit = containmentKit();
  const pod = podNamed(kit, 'shop', 'cart');
  await openIncident(kit, 'i-1', [await subjectOf(kit, pod)], first);
  await runs(kit, 'i-1');
  await setGoal(kit, 'i-1', 'closed');
  await runs(kit, 'i-1');
  const { takesOver, subjects } = takenOverFrom(await incidentOf(kit, 'i-1'));
  assert.equal(takesOver, 'i-1');
  const next = await openIncident(kit, 'i-2', subjects, tier);
  await kit.ports.stores.incidents.put('i-2', { ...next, takesOver: 'i-1' }, next.rev);
  return { kit, pod };
};

/** Lets the reservations of the first episode age out, and another incident use up a budget of one. */
const spend = async (kit: Kit): Promise<void> => {
  kit.ports.budgets = { ...AMPLE, nodes: 1, workloads: 1 };
  await kit.clock.advance(61 * 60_000);
  const id = keyOfPlace(clusterOf((await incidentOf(kit, 'i-2')).target) ?? assert.fail());
  const known = await kit.ports.stores.budgets.get(id);
  const common = { incident: 'i-9', at: timeOf(kit.clock.now()), principals: [] };
  const spent = [
    { ...common, kind: 'node' as const, uid: 'another-node' },
    { ...common, kind: 'workload' as const, uid: 'another-workload', namespace: 'shop' },
  ];
  const blank = { v: 1 as const, rev: 0, writer: '', id };
  await kit.ports.stores.budgets.put(id, { ...(known ?? blank), spent }, known?.rev ?? null);
};

describe('containment/take-over', () => {
  it('takes over what a closed episode left in force, and changes nothing that is already in place', async () => {
    const { kit } = await closed();
    const before = changesOf(kit).length;
    await runs(kit, 'i-2');
    await kit.clock.advance(15 * 60_000);
    await runs(kit, 'i-2');
    const changed = changesOf(kit)
      .slice(before)
      .filter((change) => /Node|Pod|instances|firewall/i.test(change));
    assert.deepEqual(changed, []);
    const incident = await incidentOf(kit, 'i-2');
    assert.equal(incident.state, 'contained');
    assert.equal(incident.takesOver, undefined);
    const entry = incident.journal.find((e) => e.step === 'quarantine-pod');
    assert.deepEqual([entry?.mark, entry?.state, entry?.before !== undefined], ['i-1', 'applied', true]);
    assert.match(entry?.because ?? '', /taken over from i-1/);
    const former = await incidentOf(kit, 'i-1');
    assert.deepEqual([former.state, former.journal.find((e) => e.step === 'cordon-node')?.takenBy], ['closed', 'i-2']);
    assert.deepEqual(takenOverFrom(former).takesOver, undefined);
  });

  it('restores the before-images of the closed episode when the next episode is released', async () => {
    const { kit, pod } = await closed('quarantine');
    assert.equal(nodeOf(kit, pod)?.spec?.unschedulable, true);
    assert.ok(tagsOf(kit, pod).includes('firebreak-quarantine'));
    await runs(kit, 'i-2');
    await setGoal(kit, 'i-2', 'released');
    await runs(kit, 'i-2');
    assert.equal((await incidentOf(kit, 'i-2')).state, 'released');
    assert.notEqual(nodeOf(kit, pod)?.spec?.unschedulable, true);
    assert.ok(!tagsOf(kit, pod).includes('firebreak-quarantine'));
    const entry = (await incidentOf(kit, 'i-2')).journal.find((e) => e.step === 'quarantine-pod');
    assert.deepEqual([entry?.state, entry?.mark], ['undone', 'i-1']);
  });

  it('makes again what people took back by hand after the close, and restores on release what they left', async () => {
    const kit = containmentKit();
    const pod = podNamed(kit, 'shop', 'cart');
    const [podRef, cart, node] = [
      { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod.metadata.name },
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' },
      { apiVersion: 'v1', kind: 'Node', name: String(pod.spec?.nodeName) },
    ];
    await openIncident(kit, 'i-1', [await subjectOf(kit, pod)], 'isolate', { options: { freeze: true } });
    await deliver(kit, 'i-1');
    const { subjects } = await reach(kit, 'i-1', 'closed');
    const { compute } = kit.world;
    const url = [...compute.state.instances].find(([, { name }]) => name === node.name)?.[0] ?? '';
    kit.cluster.edit(node, ({ spec }) => Object.assign(spec ?? {}, { unschedulable: false }), 'stranger');
    kit.cluster.edit(podRef, ({ metadata }) => delete metadata.labels?.quarantine, 'stranger');
    kit.cluster.edit(cart, ({ spec }) => Object.assign(spec ?? {}, { replicas: 5 }), 'stranger');
    kit.cluster.drop(
      { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace: 'shop', name: 'firebreak-quarantine' },
      'stranger',
    );
    compute.stranger.setTags(url, ['gke-c1-node']);
    await kit.clock.advance(60_000);
    const next = await openIncident(kit, 'i-2', subjects, 'isolate', { options: { freeze: true } });
    await kit.ports.stores.incidents.put('i-2', { ...next, takesOver: 'i-1' }, next.rev);
    const { journal } = await deliver(kit, 'i-2');
    const stateNow = () => [
      kit.cluster.get(node)?.spec?.unschedulable === true,
      kit.cluster.get(podRef)?.metadata.labels?.quarantine,
      kit.cluster.get(cart)?.spec?.replicas,
      kit.cluster.list('networking.k8s.io/v1', 'NetworkPolicy').some((p) => p.metadata.name === 'firebreak-quarantine'),
      tagsOf(kit, pod).includes('firebreak-quarantine'),
    ];
    assert.deepEqual(stateNow(), [true, 'true', 0, true, true]);
    const doubted = journal.filter((e) => e.state !== 'applied' || e.proof !== 'proven');
    assert.deepEqual(doubted, []);
    const because = (step: string) => journal.find((e) => e.step === step)?.because ?? '';
    assert.match(because('remove-external-ip'), /^taken over from i-1; removed/);
    assert.doesNotMatch(because('cordon-node'), /taken over/);
    await reach(kit, 'i-2', 'released');
    assert.deepEqual(stateNow(), [false, undefined, 5, false, false]);
  });

  it('makes again what people took back only within the budget, and otherwise once they have approved it', async () => {
    const { kit, pod } = await closed('quarantine', 'quarantine');
    const [podRef, node] = [
      { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod.metadata.name },
      { apiVersion: 'v1', kind: 'Node', name: String(pod.spec?.nodeName) },
    ];
    kit.cluster.edit(node, ({ spec }) => Object.assign(spec ?? {}, { unschedulable: false }), 'stranger');
    kit.cluster.edit(podRef, ({ metadata }) => delete metadata.labels?.quarantine, 'stranger');
    const stateNow = () => [
      kit.cluster.get(node)?.spec?.unschedulable === true,
      kit.cluster.get(podRef)?.metadata.labels?.quarantine,
    ];
    await spend(kit);
    const held = await deliver(kit, 'i-2');
    assert.deepEqual(stateNow(), [false, undefined]);
    const entryOf = ({ journal }: Incident, step: string) => journal.find((e) => e.step === step);
    for (const step of ['cordon-node', 'quarantine-pod']) {
      assert.equal(entryOf(held, step)?.proof, 'not proven', step);
      assert.match(entryOf(held, step)?.because ?? '', /; not made again: the budget of /, step);
    }
    assert.equal(entryOf(held, 'keep-disks')?.proof, 'proven', 'what still stands costs nothing');
    assert.equal(held.held?.budget, true, 'people are asked');
    const { goal, ...rest } = await incidentOf(kit, 'i-2');
    assert.ok(goal !== null);
    const lifted = { by: 'ana@example.com', at: timeOf(kit.clock.now()) };
    await kit.ports.stores.incidents.put('i-2', { ...rest, goal: { ...goal, rev: goal.rev + 1 }, lifted }, rest.rev);
    const approved = await deliver(kit, 'i-2');
    assert.deepEqual(stateNow(), [true, 'true']);
    assert.equal(approved.held, undefined);
    assert.deepEqual(
      ['cordon-node', 'quarantine-pod'].map((step) => entryOf(approved, step)?.proof),
      ['proven', 'proven'],
    );
    await reach(kit, 'i-2', 'released');
    assert.deepEqual(stateNow(), [false, undefined]);
    const quarantined = entryOf(await incidentOf(kit, 'i-1'), 'quarantine-pod')?.before;
    const undone = entryOf(await incidentOf(kit, 'i-2'), 'quarantine-pod');
    assert.deepEqual([undone?.state, undone?.before], ['undone', quarantined]);
  });

  it('tries for 15 minutes to look at what a budget had held back, once that is approved', async () => {
    const { kit, pod } = await closed('quarantine', 'quarantine');
    const { name } = pod.metadata;
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name };
    kit.cluster.edit(ref, ({ metadata }) => delete metadata.labels?.quarantine, 'stranger');
    await spend(kit);
    await deliver(kit, 'i-2');
    await kit.clock.advance(20 * 60_000);
    kit.cluster.faults.add({ verb: 'get', kind: 'Pod', name, times: 4, fault: '403' });
    const { goal, ...rest } = await incidentOf(kit, 'i-2');
    const at = timeOf(kit.clock.now());
    const next = goal === null ? assert.fail() : { ...goal, rev: goal.rev + 1, at };
    const lifted = { by: 'ana@example.com', at };
    await kit.ports.stores.incidents.put('i-2', { ...rest, goal: next, lifted }, rest.rev);
    const entry = (await deliver(kit, 'i-2')).journal.find(({ step }) => step === 'quarantine-pod');
    assert.deepEqual([entry?.state, entry?.proof], ['applied', 'proven'], entry?.because);
  });

  it('ends where the check of what it took over gets no answer for days', async () => {
    const { kit } = await closed();
    kit.cluster.faults.add({ verb: 'list', kind: 'NetworkPolicy', times: 1_000_000, fault: '503' });
    for (let deliveries = 0; deliveries < 35; deliveries += 1) {
      await kit.clock.drive(run(kit.ports, 'i-2').catch(() => undefined));
      await kit.clock.advance(60_000);
    }
    const { state, journal } = await incidentOf(kit, 'i-2');
    assert.equal(state, 'contained');
    for (const e of journal.filter(({ step }) => step === 'deny-pod-network' || step === 'quarantine-pod')) {
      assert.deepEqual([e.state, e.proof], ['applied', 'not proven'], e.step);
      assert.match(e.because ?? '', /(could not be checked for 15 minutes|it cannot be checked): .*list NetworkPolicy/);
    }
  });

  it('needs no budget for what is still in force', async () => {
    const { kit } = await closed('quarantine', 'quarantine');
    await spend(kit);
    const { held, journal } = await deliver(kit, 'i-2');
    const told = journal.filter((e) => e.step === 'cordon-node' || e.step === 'quarantine-pod');
    assert.deepEqual(
      [held, told.map(({ state, proof }) => [state, proof])],
      [
        undefined,
        [
          ['applied', 'proven'],
          ['applied', 'proven'],
        ],
      ],
    );
  });

  it('leaves what a budget has held back to the episode after the next close, which looks at it again', async () => {
    const { kit, pod } = await closed('quarantine', 'quarantine');
    const node = { apiVersion: 'v1', kind: 'Node', name: String(pod.spec?.nodeName) };
    kit.cluster.edit(node, ({ spec }) => Object.assign(spec ?? {}, { unschedulable: false }), 'stranger');
    const podRef = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod.metadata.name };
    kit.cluster.edit(podRef, ({ metadata }) => delete metadata.labels?.quarantine, 'stranger');
    await spend(kit);
    const { journal, subjects } = await deliver(kit, 'i-2');
    const told = (entries: Incident['journal']) =>
      ['cordon-node', 'quarantine-pod'].map((step) => entries.find((e) => e.step === step)?.proof);
    assert.deepEqual(told(journal), ['not proven', 'not proven']);
    await reach(kit, 'i-2', 'closed');
    kit.ports.budgets = AMPLE;
    const next = await openIncident(kit, 'i-3', subjects, 'quarantine');
    await kit.ports.stores.incidents.put('i-3', { ...next, takesOver: 'i-2' }, next.rev);
    const { journal: again } = await deliver(kit, 'i-3');
    assert.deepEqual(told(again), ['proven', 'proven']);
    assert.equal(kit.cluster.get(podRef)?.metadata.labels?.quarantine, 'true');
    await reach(kit, 'i-3', 'released');
    assert.notEqual(kit.cluster.get(node)?.spec?.unschedulable, true);
  });

  it('takes the place of the closed episode among the holders of a host, and no other', async () => {
    const { kit } = await closed();
    const [subject] = (await incidentOf(kit, 'i-2')).subjects;
    const id = (subject?.kind === 'pod' ? subject.host?.id : undefined) ?? assert.fail();
    const { hosts } = kit.ports.stores;
    const host = (await hosts.get(id)) ?? assert.fail();
    await hosts.put(id, { ...host, holders: ['i-9', ...host.holders] }, host.rev);
    await runs(kit, 'i-2');
    assert.deepEqual((await hosts.get(id))?.holders, ['i-9', 'i-2']);
  });

  it('restores the same if the next episode is released before its first run', async () => {
    const { kit, pod } = await closed();
    await setGoal(kit, 'i-2', 'released');
    await runs(kit, 'i-2');
    assert.notEqual(nodeOf(kit, pod)?.spec?.unschedulable, true);
    assert.ok(!tagsOf(kit, pod).includes('firebreak-quarantine'));
  });

  it('restores the same after a crash at any write', async () => {
    for (let writes = 0; writes < 6; writes += 1) {
      const { kit, pod } = await closed('quarantine');
      const { incidents, hosts } = kit.ports.stores;
      let left = writes;
      const spend = (): void => {
        left -= 1;
        if (left < 0) throw new Error('the process died');
      };
      const dying = {
        ...kit.ports,
        stores: {
          ...kit.ports.stores,
          incidents: {
            ...incidents,
            put: async (id: string, doc: Incident, rev: number | null) => {
              spend();
              return incidents.put(id, doc, rev);
            },
          },
          hosts: {
            ...hosts,
            put: async (id: string, doc: Host, rev: number | null) => {
              spend();
              return hosts.put(id, doc, rev);
            },
          },
        },
      };
      await kit.clock.drive(run(dying, 'i-2').catch(() => undefined));
      await kit.clock.advance(90_000);
      await runs(kit, 'i-2');
      assert.ok(
        (await incidentOf(kit, 'i-2')).journal.every((e) => e.takenBy === undefined),
        `after ${writes} writes`,
      );
      await setGoal(kit, 'i-2', 'released');
      await runs(kit, 'i-2');
      assert.notEqual(nodeOf(kit, pod)?.spec?.unschedulable, true, `after ${writes} writes`);
      const pods = (await incidentOf(kit, 'i-2')).journal.find((e) => e.step === 'quarantine-pod');
      assert.deepEqual([pods?.state, pods?.mark], ['undone', 'i-1'], `after ${writes} writes`);
      assert.ok(!tagsOf(kit, pod).includes('firebreak-quarantine'), `after ${writes} writes`);
    }
  });

  it('hands on to a third episode what the second took over in two goes', async () => {
    const { kit, pod } = await closed('quarantine', 'quarantine');
    const { labels } = pod.metadata;
    // The second episode marked the first one's entries as taken, and died before it entered them in its own journal.
    const first = await incidentOf(kit, 'i-1');
    const journal = first.journal.map((e) => ({ ...e, takenBy: 'i-2' }));
    await kit.ports.stores.incidents.put('i-1', { ...first, journal }, first.rev);
    await setGoal(kit, 'i-2', 'closed');
    await runs(kit, 'i-2');
    const { takesOver, subjects } = takenOverFrom(await incidentOf(kit, 'i-2'));
    assert.equal(takesOver, 'i-2');
    const third = await openIncident(kit, 'i-3', subjects, 'quarantine');
    await kit.ports.stores.incidents.put('i-3', { ...third, takesOver }, third.rev);
    await deliver(kit, 'i-3');
    await reach(kit, 'i-3', 'released');
    assert.deepEqual(podNamed(kit, 'shop', 'cart').metadata.labels, labels);
    assert.notEqual(nodeOf(kit, pod)?.spec?.unschedulable, true);
  });

  it('goes on with what the close ended half-way, and restores it on release', async () => {
    const kit = containmentKit();
    const pod = podNamed(kit, 'shop', 'cart');
    const { labels } = pod.metadata;
    const labelsNow = () =>
      kit.cluster.get({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod.metadata.name })?.metadata.labels;
    await openIncident(kit, 'i-1', [await subjectOf(kit, pod)], 'isolate');
    kit.cluster.faults.add({ verb: 'patch', kind: 'Pod', times: 3, fault: '403' });
    const slow = { kind: 'refuse', status: 403, reason: 'forbidden', method: 'Instances.SetTags' } as const;
    kit.world.compute.state.scripts.push({ ...slow, actor: CONTAIN, times: 3 });
    const sleep = async (ms: number): Promise<void> => {
      const { journal, goal } = await incidentOf(kit, 'i-1');
      const open = journal.filter(({ state }) => state === 'pending').map(({ step }) => step);
      const both = ['quarantine-pod', 'deny-node-network'].every((step) => open.some((one) => one === step));
      if (both && goal?.tier === 'isolate') await setGoal(kit, 'i-1', 'closed');
      return kit.clock.sleep(ms);
    };
    await kit.clock.drive(run({ ...kit.ports, clock: { ...kit.clock, sleep } }, 'i-1'));
    await deliver(kit, 'i-1');
    assert.deepEqual([labelsNow(), tagsOf(kit, pod).includes('firebreak-quarantine')], [labels, false]);
    const { subjects } = await incidentOf(kit, 'i-1');
    const next = await openIncident(kit, 'i-2', subjects, 'isolate');
    await kit.ports.stores.incidents.put('i-2', { ...next, takesOver: 'i-1' }, next.rev);
    const { journal } = await deliver(kit, 'i-2');
    for (const step of ['quarantine-pod', 'deny-node-network'])
      assert.equal(journal.find((e) => e.step === step)?.proof, 'proven', step);
    assert.deepEqual([labelsNow(), tagsOf(kit, pod).includes('firebreak-quarantine')], [{ quarantine: 'true' }, true]);
    const released = await reach(kit, 'i-2', 'released');
    const pods = released.journal.find((e) => e.step === 'quarantine-pod');
    assert.match(`${pods?.state}: ${pods?.because}`, /^undone: its ReplicaSet adopts it again/);
    assert.equal(tagsOf(kit, pod).includes('firebreak-quarantine'), false);
  });

  it('takes over the before-image of a step that failed after its change was sent', async () => {
    const kit = containmentKit();
    const pod = podNamed(kit, 'shop', 'cart');
    const subject = await subjectOf(kit, pod);
    await openIncident(kit, 'i-1', [subject], 'quarantine');
    const { clusters } = kit.ports;
    const writer: typeof clusters.writer = (ref) => {
      const inner = clusters.writer(ref);
      const patch: typeof inner.patch = async (of, ...rest) => {
        const done = await inner.patch(of, ...rest);
        if (of.kind !== 'Pod') return done;
        kit.cluster.faults.add({ verb: 'get', kind: 'Pod', times: 1_000, fault: '403' });
        throw new Denied('the right was taken away meanwhile');
      };
      return { ...inner, patch };
    };
    kit.ports.clusters = { ...clusters, writer };
    const failed = await deliver(kit, 'i-1');
    kit.ports.clusters = clusters;
    kit.cluster.faults.clear();
    const { before, state } = failed.journal.find((e) => e.step === 'quarantine-pod') ?? assert.fail();
    assert.equal(state, 'failed');
    const { namespace = '', name } = pod.metadata;
    const sent = kit.cluster.get({ apiVersion: 'v1', kind: 'Pod', namespace, name });
    assert.equal(sent?.metadata.labels?.quarantine, 'true', 'the change was sent');
    await reach(kit, 'i-1', 'closed');
    const { takesOver } = takenOverFrom(await incidentOf(kit, 'i-1'));
    const next = await openIncident(kit, 'i-2', [subject], 'quarantine');
    await kit.ports.stores.incidents.put('i-2', { ...next, takesOver }, next.rev);
    const entryOf = ({ journal }: Incident) => journal.find((e) => e.step === 'quarantine-pod');
    const taken = entryOf(await deliver(kit, 'i-2'));
    assert.deepEqual([taken?.state, taken?.proof, taken?.before], ['applied', 'proven', before]);
    const released = entryOf(await reach(kit, 'i-2', 'released'));
    assert.match(`${released?.state}: ${released?.because}`, /^undone: its ReplicaSet adopts it again/);
  });

  it('takes over from the last closed episode where those between never ran', async () => {
    const { kit, pod } = await closed('quarantine');
    const between = await incidentOf(kit, 'i-2');
    const idle = await kit.ports.stores.incidents.put('i-2', { ...between, goal: null }, between.rev);
    const { takesOver, subjects } = takenOverFrom(idle);
    const next = await openIncident(kit, 'i-3', subjects, 'isolate');
    await kit.ports.stores.incidents.put('i-3', { ...next, takesOver }, next.rev);
    await deliver(kit, 'i-3');
    const formers = await Promise.all(['i-1', 'i-2'].map((id) => incidentOf(kit, id)));
    assert.deepEqual(
      formers.map(({ journal }) => journal.find((e) => e.step === 'quarantine-pod')?.takenBy),
      ['i-3', undefined],
    );
    const { journal } = await reach(kit, 'i-3', 'released');
    assert.match(journal.find((e) => e.step === 'quarantine-pod')?.because ?? '', /its ReplicaSet adopts it again/);
    assert.ok(!tagsOf(kit, pod).includes('firebreak-quarantine'));
    assert.notEqual(nodeOf(kit, pod)?.spec?.unschedulable, true);
  });

  for (const between of ['closed', 'released'] as const)
    it(`takes over along the chain what a close left after the next episode was ${between}`, async () => {
      const { kit, pod } = await closed('quarantine');
      const { takesOver: _, ...later } = await incidentOf(kit, 'i-2');
      // The next episode was opened in the middle of the release that the close ended, and took nothing over.
      await kit.ports.stores.incidents.put('i-2', { ...later, subjects: [] }, later.rev);
      await reach(kit, 'i-2', between);
      const ports = { ...decisionKit().ports, stores: kit.ports.stores, clock: kit.clock };
      const former = await incidentOf(kit, 'i-1');
      const followed = await kit.ports.stores.incidents.put('i-1', { ...former, followedBy: 'i-2' }, former.rev);
      const head = { v: 1 as const, rev: 0, writer: '', key: former.key, episode: 2, incident: 'i-2' };
      await kit.ports.stores.heads.put(former.key, head, null);
      await passOn(ports, followed);
      const { takesOver, subjects } = takenOverFrom(await incidentOf(kit, 'i-2'));
      assert.deepEqual([takesOver, subjects.length], ['i-2', 1]);
      const next = await openIncident(kit, 'i-3', subjects, 'quarantine');
      await kit.ports.stores.incidents.put('i-3', { ...next, takesOver }, next.rev);
      await deliver(kit, 'i-3');
      const taken = (await incidentOf(kit, 'i-1')).journal.find((e) => e.step === 'quarantine-pod')?.takenBy;
      assert.deepEqual([taken, (await incidentOf(kit, 'i-3')).takesOver], ['i-3', undefined]);
      await reach(kit, 'i-3', 'released');
      assert.notEqual(nodeOf(kit, pod)?.spec?.unschedulable, true);
      assert.equal(
        kit.cluster.list('v1', 'Pod').some(({ metadata }) => metadata.labels?.quarantine === 'true'),
        false,
      );
    });

  it('cuts the node again where the close ended a release that was taking the cut back', async () => {
    const kit = containmentKit();
    const pod = podNamed(kit, 'shop', 'cart');
    kit.world.compute.state.durations.running = 5_000;
    await openIncident(kit, 'i-1', [await subjectOf(kit, pod)], 'isolate');
    await deliver(kit, 'i-1');
    await setGoal(kit, 'i-1', 'released');
    const sleep = async (ms: number): Promise<void> => {
      const { journal, goal } = await incidentOf(kit, 'i-1');
      const cut = journal.find((e) => e.step === 'deny-node-network');
      if (cut?.because === 'the tag is being removed' && goal?.tier === 'released') await setGoal(kit, 'i-1', 'closed');
      return kit.clock.sleep(ms);
    };
    await kit.clock.drive(run({ ...kit.ports, clock: { ...kit.clock, sleep } }, 'i-1'));
    const { takesOver, subjects } = takenOverFrom(await deliver(kit, 'i-1'));
    const next = await openIncident(kit, 'i-2', subjects, 'isolate');
    await kit.ports.stores.incidents.put('i-2', { ...next, takesOver }, next.rev);
    const { journal } = await deliver(kit, 'i-2');
    assert.equal(journal.find((e) => e.step === 'deny-node-network')?.proof, 'proven');
    assert.ok(tagsOf(kit, pod).includes('firebreak-quarantine'));
  });
});
