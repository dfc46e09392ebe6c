import { strict as assert } from 'node:assert';
import { run } from '../../../shared/containment/run.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import type { Tier } from '../../../shared/model/ids.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import type { PodSubject } from '../../../shared/model/subject.ts';
import {
  CONTAIN,
  changesOf,
  containmentKit,
  incidentOf,
  type Kit,
  openIncident,
  playKiller,
  podNamed,
  regionalSubject,
  setGoal,
  subjectOf,
  workloadOf,
} from '../../kit/containment.ts';
import { callOf, deliver, dieAt, reach, TICK_MS } from '../../kit/deliveries.ts';
import { withPolicy } from '../../kit/policies.ts';
import { serveKind } from '../../kit/workloads.ts';

type On = { kit: Kit; subject: PodSubject; node: string; vm: string };

const on = async (tier: Tier, start = 'cart', namespace = 'shop'): Promise<On> => {
  const kit = containmentKit();
  playKiller(kit);
  const subject = await subjectOf(kit, podNamed(kit, namespace, start));
  await openIncident(kit, 'i-1', [subject], tier);
  const { project, zone, instance, node } = subject.host ?? assert.fail('no host');
  return { kit, subject, node, vm: `projects/${project}/zones/${zone}/instances/${instance}` };
};

const entryOf = ({ journal }: Incident, step: string): Entry =>
  journal.find((e) => e.step === step) ?? assert.fail(`no entry of ${step}`);
const nodeOf = (kit: Kit, name: string) => kit.cluster.get({ apiVersion: 'v1', kind: 'Node', name });
const podOf = ({ kit, subject: { namespace, name } }: On) =>
  kit.cluster.get({ apiVersion: 'v1', kind: 'Pod', namespace, name });
const isCordoned = (kit: Kit, name: string): boolean => nodeOf(kit, name)?.spec?.unschedulable === true;
const ours = (kit: Kit) => kit.world.log.by(CONTAIN);

/** A disruption budget that blocks the ledger's pods. One of them shares a node with a pod of the cart. */
const withBudget = async (): Promise<On> => {
  const found = await on('isolate');
  found.kit.cluster.apply({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'ledger', namespace: 'payments' },
    spec: { minAvailable: 2, selector: { matchLabels: { app: 'ledger' } } },
  });
  return found;
};

describe('a run in cases that are known to have gone wrong elsewhere', () => {
  it('keeps the Node object of a VM that has left its group, labelled, and tells the operator of the extra node', async () => {
    const { kit, node } = await on('isolate');
    const incident = await deliver(kit);
    assert.equal(nodeOf(kit, node)?.metadata.labels?.['firebreak.dev/leave-group'], 'true');
    assert.match(entryOf(incident, 'leave-group').because ?? '', /one node more than its pool counts/);
    assert.ok(incident.outbox.some((n) => n.lines.some((line) => line.includes('one node more than its pool counts'))));
  });

  it('keeps the quarantined pod on a cut node beyond the 300 s after which Kubernetes deletes its neighbours', async () => {
    const found = await withBudget();
    const { cluster, clock, world } = found.kit;
    await deliver(found.kit);
    const neighbours = () => cluster.list('v1', 'Pod', 'payments').filter(({ spec }) => spec?.nodeName === found.node);
    const marked = () => neighbours().map(({ metadata }) => metadata.deletionTimestamp !== undefined);
    assert.deepEqual(marked(), [false], 'the budget keeps one neighbour from the drain');
    world.settle();
    await clock.advance(30 * 60_000);
    world.settle();
    assert.deepEqual(marked(), [true]);
    assert.equal(podOf(found)?.metadata.uid, found.subject.uid);
    assert.equal(podOf(found)?.metadata.deletionTimestamp, undefined);
  });

  it('does not act on a VM that its group made again under the same name with another id', async () => {
    const { kit, vm } = await on('isolate');
    kit.world.compute.stranger.recreate(vm);
    await kit.clock.advance(10_000);
    kit.world.settle();
    const incident = await deliver(kit);
    const fresh = kit.world.compute.state.instances.get(vm);
    assert.deepEqual(
      ours(kit).filter((t) => t.uid === fresh?.id),
      [],
    );
    for (const step of ['keep-disks', 'cordon-node', 'leave-group', 'deny-node-network'])
      assert.match(entryOf(incident, step).because ?? '', /gone, or another/, step);
  });

  it('contains a node although a disruption budget blocks its drain, and names the pod and the budget', async () => {
    const { kit } = await withBudget();
    const incident = await deliver(kit);
    const drain = entryOf(incident, 'drain-node');
    assert.equal(drain.state, 'failed');
    assert.match(drain.because ?? '', /not drained in 120 s; blocked: payments\/ledger-\d: .*disruption budget ledger/);
    assert.equal(entryOf(incident, 'deny-node-network').proof, 'proven');
  });

  it('continues a drain that a dead process began: the deadline stays, and no pod is evicted twice', async () => {
    const { kit, subject } = await on('isolate');
    await dieAt(kit, await callOf((await on('isolate')).kit, '.evict'));
    const begun = (await kit.ports.stores.hosts.get(subject.host?.id ?? ''))?.journal.find(
      (e) => e.step === 'drain-node',
    );
    assert.equal(begun?.state, 'applying');
    await kit.clock.advance(TICK_MS);
    const incident = await deliver(kit);
    assert.equal(entryOf(incident, 'drain-node').deadline, begun?.deadline);
    const evictions = changesOf(kit).filter((change) => change.startsWith('delete Pod'));
    assert.ok(evictions.length > 0);
    assert.equal(new Set(evictions).size, evictions.length);
  });

  it('records a node that is gone and acknowledges the message, so that no retry follows', async () => {
    const { kit, vm } = await on('isolate');
    kit.world.compute.state.groups.clear();
    kit.world.compute.stranger.deleteInstance(vm);
    await kit.clock.advance(10_000);
    kit.world.settle();
    const incident = await deliver(kit, 'i-1', 2);
    assert.equal(entryOf(incident, 'deny-node-network').state, 'skipped');
    assert.equal(incident.dueAt, undefined);
  });

  it('does not drain if the cordon was denied, retries for 15 minutes in case rights arrive, and then names the denial', async () => {
    const { kit, node } = await on('isolate');
    kit.cluster.faults.add({ verb: 'patch', kind: 'Node', times: 10_000, fault: '403' });
    const denied = await deliver(kit, 'i-1', 40);
    assert.match(entryOf(denied, 'cordon-node').because ?? '', /denied for 15 minutes/);
    assert.match(entryOf(denied, 'drain-node').because ?? '', /cordon-node on .* did not succeed/);
    assert.equal(denied.state, 'failed');
    assert.equal(
      changesOf(kit).some((change) => change.startsWith('delete Pod')),
      false,
    );
    assert.equal(entryOf(denied, 'deny-node-network').proof, 'proven', 'the cut waits for no cordon');
    const late = await on('isolate');
    late.kit.cluster.faults.add({ verb: 'patch', kind: 'Node', times: 5, fault: '403' });
    assert.equal(entryOf(await deliver(late.kit), 'drain-node').state, 'applied');
    assert.ok(isCordoned(late.kit, late.node));
    assert.equal(isCordoned(kit, node), false);
  });

  it('is contained though a kind of policies cannot be listed for days, and says which was not checked', async () => {
    const { kit } = await on('isolate');
    withPolicy(kit, 'FQDNNetworkPolicy', { podSelector: {}, egress: [] });
    kit.cluster.faults.add({ verb: 'list', kind: 'FQDNNetworkPolicy', times: 10_000, fault: '503' });
    for (let deliveries = 0; deliveries < 20; deliveries += 1) {
      await kit.clock.drive(run(kit.ports, 'i-1').catch(() => undefined));
      const { journal } = await incidentOf(kit, 'i-1');
      const open = journal.filter(({ state }) => state === 'applying');
      for (const { step, because } of open) assert.match(because ?? '', /list FQDNNetworkPolicy.*503/, step);
      await kit.clock.advance(TICK_MS);
    }
    const incident = await incidentOf(kit, 'i-1');
    assert.equal(incident.state, 'contained');
    for (const step of ['deny-pod-network', 'quarantine-pod']) {
      const { state, proof, because } = entryOf(incident, step);
      assert.deepEqual([state, proof], ['applied', 'not proven'], step);
      assert.match(because ?? '', /could not be checked for 15 minutes: .*FQDNNetworkPolicy/);
    }
  });

  it('is contained though what was so before cannot be checked for days, and says so', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    await openIncident(kit, 'i-1', [subject], 'quarantine', { options: { freeze: true } });
    const quarantine = { podSelector: { matchLabels: { quarantine: 'true' } }, policyTypes: ['Ingress', 'Egress'] };
    const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
    kit.cluster.apply({ ...policy, metadata: { name: 'firebreak-quarantine', namespace: 'shop' }, spec: quarantine });
    const cart = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
    kit.cluster.edit(cart, ({ spec }) => Object.assign(spec ?? {}, { replicas: 0 }), 'stranger');
    serveKind(kit, { group: 'keda.sh', version: 'v1alpha1', kind: 'ScaledObject', plural: 'scaledobjects' });
    withPolicy(kit, 'FQDNNetworkPolicy', { podSelector: {}, egress: [] });
    for (const kind of ['ScaledObject', 'FQDNNetworkPolicy'])
      kit.cluster.faults.add({ verb: 'list', kind, times: 10_000, fault: '503' });
    for (let deliveries = 0; deliveries < 20; deliveries += 1) {
      await kit.clock.drive(run(kit.ports, 'i-1').catch(() => undefined));
      await kit.clock.advance(TICK_MS);
    }
    const incident = await incidentOf(kit, 'i-1');
    assert.equal(incident.state, 'contained');
    for (const step of ['deny-pod-network', 'freeze-workload']) {
      const { state, proof, because } = entryOf(incident, step);
      assert.deepEqual([state, proof], ['skipped', 'not proven'], step);
      assert.match(because ?? '', / already .*; it cannot be checked: .*503/, step);
    }
  });

  it('ends where an admission webhook does not answer for days, names it, and a release ends as well', async () => {
    const { kit } = await on('isolate');
    for (const kind of ['Pod', 'Node'])
      kit.cluster.faults.add({ verb: 'patch', kind, times: 10_000, fault: 'webhook' });
    const incident = await deliver(kit, 'i-1', 40);
    assert.equal(incident.state, 'failed');
    for (const step of ['cordon-node', 'quarantine-pod'])
      assert.match(
        entryOf(incident, step).because ?? '',
        /^an admission webhook did not answer for 15 minutes: .*a\.example/,
      );
    assert.equal(entryOf(incident, 'deny-node-network').proof, 'proven', 'the cut passes no webhook');
    assert.equal(entryOf(incident, 'restore-group-size').state, 'applied');
    const later = await on('quarantine');
    later.kit.cluster.faults.add({ verb: 'patch', kind: 'Pod', times: 5, fault: 'webhook' });
    assert.equal(entryOf(await deliver(later.kit), 'quarantine-pod').proof, 'proven');
    later.kit.cluster.faults.add({ verb: 'patch', kind: 'Pod', times: 10_000, fault: 'webhook' });
    await setGoal(later.kit, 'i-1', 'released');
    const released = await deliver(later.kit, 'i-1', 40);
    assert.match(
      entryOf(released, 'quarantine-pod').because ?? '',
      /^undo: an admission webhook did not answer for 15 minutes: .*failed calling webhook/,
    );
    assert.equal(isCordoned(later.kit, later.node), false);
  });

  it('never lifts a cordon that somebody else set', async () => {
    const { kit, node } = await on('quarantine');
    kit.cluster.edit({ apiVersion: 'v1', kind: 'Node', name: node }, (draft) => {
      draft.spec = { ...draft.spec, unschedulable: true };
    });
    await deliver(kit);
    assert.match(entryOf(await reach(kit, 'i-1', 'released'), 'cordon-node').because ?? '', /someone else’s and stays/);
    assert.ok(isCordoned(kit, node));
  });

  it('does not repeat a cordon or a quarantine that a person has undone', async () => {
    const found = await on('quarantine');
    const { kit, node } = found;
    await deliver(kit);
    kit.cluster.edit({ apiVersion: 'v1', kind: 'Node', name: node }, (draft) => {
      draft.spec = { ...draft.spec, unschedulable: false };
    });
    kit.cluster.edit({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: found.subject.name }, (draft) => {
      draft.metadata.labels = { app: 'cart' };
    });
    await reach(kit, 'i-1', 'isolate');
    assert.equal(isCordoned(kit, node), false);
    assert.equal(podOf(found)?.metadata.labels?.quarantine, undefined);
  });

  it('changes the world once when an event is delivered seven times at once and again after its success', async () => {
    const { kit } = await on('isolate');
    await kit.clock.drive(Promise.all(Array.from({ length: 7 }, () => run(kit.ports, 'i-1'))));
    await deliver(kit);
    const once = changesOf(kit);
    for (let again = 0; again < 3; again += 1) await kit.clock.drive(run(kit.ports, 'i-1'));
    assert.deepEqual(changesOf(kit), once);
    assert.equal(new Set(once).size, once.length);
  });

  it('does not claim that a deny policy or rule cut connections that were already up', async () => {
    const { kit } = await on('isolate');
    const incident = await deliver(kit);
    assert.match(entryOf(incident, 'deny-pod-network').because ?? '', /connections that are already open may continue/);
    assert.match(entryOf(incident, 'deny-node-network').because ?? '', /not cut: .*connections that were already open/);
  });

  it('denies traffic to the one quarantined pod, and leaves the other replicas in service', async () => {
    const { kit, subject } = await on('quarantine');
    await deliver(kit);
    await kit.clock.advance(5_000);
    kit.world.settle();
    const policy = kit.cluster.get({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      namespace: 'shop',
      name: 'firebreak-quarantine',
    });
    assert.deepEqual(policy?.spec?.podSelector, { matchLabels: { quarantine: 'true' } });
    const pods = kit.cluster.list('v1', 'Pod', 'shop');
    assert.deepEqual(
      pods.filter((p) => p.metadata.labels?.quarantine === 'true').map((p) => p.metadata.uid),
      [subject.uid],
    );
    assert.equal(pods.filter((p) => p.metadata.labels?.app === 'cart').length, 3);
  });

  it('removes the quarantined pod from Service endpoints and from its ReplicaSet, which makes a clean one', async () => {
    const found = await on('quarantine');
    const { kit, subject } = found;
    const address = podOf(found)?.status?.podIP;
    const replicas = () =>
      kit.cluster
        .list('v1', 'Pod', 'shop')
        .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === subject.owners[0]?.uid));
    const before = replicas().map(({ metadata }) => metadata.uid);
    await deliver(kit);
    await kit.clock.advance(5_000);
    kit.world.settle();
    const slices = JSON.stringify(kit.cluster.list('discovery.k8s.io/v1', 'EndpointSlice', 'shop'));
    assert.equal(slices.includes(String(address)), false);
    assert.deepEqual(podOf(found)?.metadata.ownerReferences ?? [], []);
    assert.equal(podOf(found)?.metadata.uid, subject.uid);
    assert.equal(replicas().length, before.length);
    const fresh = replicas().filter(({ metadata }) => !before.includes(metadata.uid));
    assert.equal(fresh.length, 1);
    assert.deepEqual([fresh[0]?.metadata.labels?.quarantine, fresh[0]?.status?.phase], [undefined, 'Running']);
    assert.ok(slices.includes(`"${fresh[0]?.status?.podIP}"`));
  });

  it('keeps on a StatefulSet pod the labels that its controller selects by, and says so', async () => {
    const found = await on('quarantine', 'ledger-0', 'payments');
    const incident = await deliver(found.kit);
    const labels = podOf(found)?.metadata.labels ?? {};
    assert.equal(labels.quarantine, 'true');
    assert.equal(labels.app, 'ledger');
    assert.equal(podOf(found)?.metadata.ownerReferences?.length, 1);
    assert.match(entryOf(incident, 'quarantine-pod').because ?? '', /keeps the labels of its StatefulSet/);
  });

  it('does not delete the workload if a snapshot call was accepted and its operation failed', async () => {
    const { kit } = await on('delete-workload');
    const method = 'Snapshots.Insert';
    kit.world.compute.script({ method, kind: 'fail-operation', code: 'INVALID_USAGE', status: 400, times: 100 });
    const incident = await deliver(kit);
    assert.equal(entryOf(incident, 'start-snapshots').state, 'failed');
    assert.equal(entryOf(incident, 'delete-workload').state, 'refused');
    assert.match(entryOf(incident, 'delete-workload').because ?? '', /snapshots-ready on .* did not succeed/);
    assert.equal(entryOf(incident, 'quarantine-pod').proof, 'proven', 'containment goes on');
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
    assert.notEqual(kit.cluster.get(deployment), undefined);
  });

  it('finds and snapshots a regional disk', async () => {
    const kit = containmentKit();
    await openIncident(kit, 'i-1', await regionalSubject(kit), 'snapshot');
    const incident = await deliver(kit);
    assert.equal(entryOf(incident, 'start-snapshots').proof, 'proven');
    const sources = [...kit.world.compute.state.snapshots.values()].map((s) => s.sourceDisk);
    assert.ok(sources.some((url) => url.includes('/regions/europe-west1/disks/data')));
  });

  it('removes a VM through its group and never by a resize, so that no other VM goes and none comes back', async () => {
    const { kit, vm } = await on('delete-host');
    const others = [...kit.world.compute.state.instances.keys()].filter((url) => url !== vm);
    await deliver(kit);
    await kit.clock.advance(TICK_MS);
    kit.world.settle();
    const { calls, instances } = kit.world.compute.state;
    assert.equal(instances.has(vm), false);
    for (const url of others) assert.ok(instances.has(url), url);
    assert.equal(
      calls.some((c) => c.method.endsWith('.Resize')),
      false,
    );
  });

  it('refuses a sandbox with a reason if no node pool has GKE Sandbox', async () => {
    const kit = containmentKit();
    const subject = workloadOf(kit, 'apps/v1', 'Deployment', 'cart');
    await openIncident(kit, 'i-1', [subject], 'redeploy', { options: { sandbox: true } });
    assert.match(
      entryOf(await deliver(kit), 'sandbox-workload').because ?? '',
      /no node pool of the cluster has GKE Sandbox/,
    );
  });

  it('ends the drain of a node that does not answer within its deadline', async () => {
    const { kit, node } = await on('isolate');
    kit.cluster.cutNode(node);
    const incident = await deliver(kit);
    const drain = entryOf(incident, 'drain-node');
    assert.match(drain.because ?? '', /evictions could not be confirmed/);
    assert.ok(Date.parse(drain.endedAt ?? '') - Date.parse(drain.startedAt) <= 130_000);
  });

  it('does not overwrite evidence when the same exhibit is captured again', async () => {
    const found = await on('snapshot');
    const { kit, subject } = found;
    await deliver(kit);
    const key = `incidents/i-1/${subject.uid}/objects/pod.json`;
    const first = await kit.ports.evidence.get(key);
    kit.cluster.edit({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: subject.name }, (draft) => {
      draft.metadata.annotations = { tampered: 'true' };
    });
    await dieAt(kit, 5);
    await reach(kit, 'i-1', 'quarantine');
    assert.deepEqual(await kit.ports.evidence.get(key), first);
  });

  it('contains although evidence cannot be kept, and names what is missing', async () => {
    const { kit } = await on('quarantine');
    const ports = {
      ...kit.ports,
      evidence: {
        ...kit.ports.evidence,
        put: async () => {
          throw new Error('the bucket is gone');
        },
      },
    };
    kit.world.compute.script({
      kind: 'refuse',
      method: 'Snapshots.Insert',
      status: 400,
      reason: 'invalid',
      times: 100,
    });
    const incident = await deliver({ ...kit, ports });
    assert.match(entryOf(incident, 'capture-evidence').because ?? '', /not kept: .*the bucket is gone/);
    assert.equal(entryOf(incident, 'start-snapshots').state, 'failed');
    for (const step of ['cordon-node', 'deny-pod-network', 'quarantine-pod'])
      assert.equal(entryOf(incident, step).proof, 'proven', step);
    assert.equal(incident.state, 'contained');
  });
});
