import { strict as assert } from 'node:assert';
import { cordonNode } from '../../../../shared/containment/steps/cordon-node.ts';
import { drainNode } from '../../../../shared/containment/steps/drain-node.ts';
import type { ClusterWriter } from '../../../../shared/ports.ts';
import { stepContract } from '../../../contracts/step.ts';
import { containmentKit, openIncident, podNamed, subjectOf } from '../../../kit/containment.ts';
import { deliver } from '../../../kit/deliveries.ts';
import { carry, releaseStep, STEP_INCIDENT } from '../../../kit/step.ts';

stepContract({
  step: drainNode,
  first: [cordonNode],
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [
    async (kit) => {
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      kit.cluster.cutNode(subject.host?.node ?? '');
      return [subject];
    },
    async (kit) => {
      // The kubelet answers but no eviction ends, because finalizers hold the pods. The step then also reads the VM's
      // tags.
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      for (const pod of kit.cluster.list('v1', 'Pod', 'payments'))
        kit.cluster.edit({ apiVersion: 'v1', kind: 'Pod', namespace: 'payments', name: pod.metadata.name }, (draft) => {
          draft.metadata.finalizers = ['example.com/hold'];
        });
      return [subject];
    },
  ],
  stranger: { because: 'an evicted pod is gone; new ones on the node are judged like the others' },
});

/** Adds twelve more pods in `payments`, so that several have to move off each node. */
const twelveTwins = (kit: ReturnType<typeof containmentKit>): void => {
  const labels = { app: 'twin' };
  const spec = { containers: [{ name: 'twin', image: 'shop.example.com/twin:1.0.0' }] };
  kit.cluster.apply({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'twin', namespace: 'payments' },
    spec: { replicas: 12, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  });
  kit.world.settle();
};

describe('containment/steps/drain-node', () => {
  it('holds up the cut of the node no longer than its deadline, however many pods there are, and moves living ones first', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const node = subject.host?.node ?? '';
    for (let n = 0; n < 300; n += 1) {
      const name = `a-${n}`;
      kit.cluster.apply({
        ...{ apiVersion: 'v1', kind: 'Pod' },
        metadata: { name, namespace: 'payments' },
        spec: { nodeName: node, containers: [{ name: 'c', image: 'shop.example.com/x:1.0.0' }] },
      });
      kit.cluster.edit({ apiVersion: 'v1', kind: 'Pod', namespace: 'payments', name }, (draft) => {
        draft.status = { ...draft.status, phase: 'Failed' };
      });
    }
    const evicted: string[] = [];
    const { clusters } = kit.ports;
    const writer: typeof clusters.writer = (cluster) => ({
      ...clusters.writer(cluster),
      evict: async (pod) => {
        evicted.push(pod.name);
        await kit.clock.sleep(1_000);
        return clusters.writer(cluster).evict(pod);
      },
    });
    kit.ports.clusters = { ...clusters, writer };
    await openIncident(kit, 'i-1', [subject], 'isolate');
    const { journal } = await deliver(kit);
    const [drain, cut] = ['drain-node', 'deny-node-network'].map((step) => journal.find((e) => e.step === step));
    assert.ok(drain !== undefined && cut !== undefined);
    assert.match(drain.because ?? '', /^not drained in 120 s; /);
    assert.equal(cut.state, 'applied', cut.because);
    assert.ok(Date.parse(cut.startedAt) - Date.parse(drain.startedAt) < 150_000, `${drain.startedAt} ${cut.startedAt}`);
    assert.ok(evicted[0] !== undefined && !evicted[0].startsWith('a-'), evicted[0]);
  });

  it('reads who holds a pod only for those that would move, however many others the node has', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const node = subject.host?.node ?? '';
    for (let n = 0; n < 30; n += 1)
      kit.cluster.apply({
        ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: `bare-${n}`, namespace: 'payments' } },
        spec: { nodeName: node, containers: [{ name: 'c', image: 'shop.example.com/x:1.0.0' }] },
      });
    kit.world.settle();
    const named = new Map(kit.cluster.list('v1', 'Pod').map(({ metadata }) => [metadata.uid, metadata.name]));
    const { subjects } = kit.ports.stores;
    const read: string[] = [];
    kit.ports.stores = {
      ...kit.ports.stores,
      subjects: {
        ...subjects,
        get: (id) => {
          read.push([...named].find(([uid]) => id.includes(uid))?.[1] ?? '');
          return subjects.get(id);
        },
      },
    };
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    await carry(kit, cordonNode);
    read.length = 0;
    const [carried] = await carry(kit, drainNode);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven'], carried?.entry.because);
    assert.deepEqual(
      read.filter((name) => name.startsWith('bare-')),
      [],
    );
    assert.ok(
      read.some((name) => name.startsWith('ledger-')),
      String(read),
    );
  });

  it('says that evictions could not be confirmed if the cut had to come first', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'), { hostReach: true });
    await openIncident(kit, 'i-1', [subject], 'isolate');
    const incident = await deliver(kit);
    const drain = incident.journal.find((e) => e.step === 'drain-node');
    assert.deepEqual([drain?.state, drain?.proof], ['applied', 'not proven'], drain?.because);
    assert.match(drain?.because ?? '', /the node was cut off before the drain, so evictions could not be confirmed/);
    const order = incident.journal.map((e) => e.step);
    assert.ok(order.indexOf('deny-node-network') < order.indexOf('drain-node'));
    assert.equal(incident.state, 'contained');
  });

  it('leaves a pod held by an incident that has no document yet, and evicts a pod whose incident is closed', async () => {
    const pods = async (closed: boolean) => {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      const onNode = () =>
        kit.cluster
          .list('v1', 'Pod', 'payments')
          .filter((pod) => pod.spec?.nodeName === subject.host?.node)
          .map((pod) => pod.metadata.uid);
      const [other = assert.fail('no other pod on the node')] = onNode();
      if (closed) {
        const pod = kit.cluster.list('v1', 'Pod', 'payments').find((one) => one.metadata.uid === other);
        await openIncident(kit, 'i-2', [await subjectOf(kit, pod ?? assert.fail())], 'closed');
      } else await kit.ports.stores.subjects.put(other, { v: 1, rev: 0, writer: '', incidents: ['i-2'] }, null);
      await openIncident(kit, 'i-1', [subject], 'isolate');
      await deliver(kit);
      return { other, left: onNode() };
    };
    const held = await pods(false);
    assert.ok(held.left.includes(held.other), 'it was evicted');
    const over = await pods(true);
    assert.ok(!over.left.includes(over.other), 'it was left');
  });

  it('leaves a pod that another incident holds since the drain has begun to evict', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    twelveTwins(kit);
    const onNode = () =>
      kit.cluster
        .list('v1', 'Pod', 'payments')
        .filter((pod) => pod.spec?.nodeName === subject.host?.node)
        .map(({ metadata: { uid } }) => uid);
    const before = onNode();
    assert.ok(before.length >= 2);
    const { subjects } = kit.ports.stores;
    const { clusters } = kit.ports;
    let held: string | undefined;
    Object.assign(kit.ports, {
      clusters: {
        ...clusters,
        writer: (of: Parameters<typeof clusters.writer>[0]): ClusterWriter => {
          const writer = clusters.writer(of);
          return {
            ...writer,
            evict: async (pod) => {
              const evicted = await writer.evict(pod);
              const [next] = onNode().filter((uid) => uid !== pod.uid);
              if (held === undefined && next !== undefined) {
                held = next;
                await subjects.put(next, { v: 1, rev: 0, writer: '', incidents: ['i-2'] }, null);
              }
              return evicted;
            },
          };
        },
      },
    });
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    await carry(kit, cordonNode);
    const [carried] = await carry(kit, drainNode);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven'], carried?.entry.because);
    assert.deepEqual(onNode(), [held]);
  });

  it('moves nothing off a node whose VM was made again for the same Node', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const { node, nodeUid, project, zone } = subject.host ?? assert.fail('no host');
    const pods = () =>
      kit.cluster
        .list('v1', 'Pod')
        .filter((pod) => pod.spec?.nodeName === node && pod.metadata.deletionTimestamp === undefined)
        .map(({ metadata }) => metadata.uid);
    kit.cluster.reality.remade.add(node);
    kit.world.compute.stranger.recreate(`projects/${project}/zones/${zone}/instances/${node}`);
    await kit.clock.advance(60_000);
    kit.world.settle();
    assert.equal(kit.cluster.get({ apiVersion: 'v1', kind: 'Node', name: node })?.metadata.uid, nodeUid);
    const before = pods();
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    const [carried] = await carry(kit, drainNode);
    assert.equal(carried?.entry.state, 'skipped', carried?.entry.because);
    assert.deepEqual(pods(), before);
  });

  for (const fault of ['403', '429', '500'] as const)
    it(`evicts the other pods where a webhook refuses one with ${fault}, and names that one when time is up`, async () => {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      twelveTwins(kit);
      const onNode = () =>
        kit.cluster
          .list('v1', 'Pod', 'payments')
          .filter((pod) => pod.spec?.nodeName === subject.host?.node)
          .map((pod) => pod.metadata.name);
      const [stuck = '', ...others] = onNode().sort();
      assert.ok(others.length >= 2, String(onNode()));
      kit.cluster.faults.add({ verb: 'evict', name: stuck, times: 1_000_000, fault });
      await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
      await carry(kit, cordonNode);
      const [carried] = await carry(kit, drainNode);
      assert.deepEqual(onNode(), [stuck]);
      assert.equal(carried?.entry.state, 'failed');
      assert.match(
        carried.entry.because ?? '',
        new RegExp(`^(not drained in 120 s; blocked|denied for 15 minutes): .*payments/${stuck}.*\\(${fault}\\)`),
      );
    });

  it('ends at its deadline where the cluster answers no eviction', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    kit.cluster.faults.add({ verb: 'evict', times: 1_000_000, fault: '500' });
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    await carry(kit, cordonNode);
    const [carried] = await carry(kit, drainNode);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried.entry.because ?? '', /not drained in 120 s; blocked: payments\/ledger-\d: .*\(500\)/);
    const [entry] = await releaseStep(kit, drainNode);
    assert.equal(entry?.because, 'of 1 pod that had to move, what was evicted does not come back', 'none was');
  });

  it('waits for the right to evict, and says on a release how many pods it moved', async () => {
    const kit = containmentKit();
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
    await carry(kit, cordonNode);
    kit.cluster.faults.add({ verb: 'evict', times: 3, fault: '403' });
    const [denied] = await carry(kit, drainNode, undefined, 1);
    assert.equal(denied?.entry.state, 'pending');
    assert.match(denied.entry.because ?? '', /^denied, will be tried again until .*evict Pod payments/);
    const [carried] = await carry(kit, drainNode);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven'], carried?.entry.because);
    const [entry] = await releaseStep(kit, drainNode);
    assert.equal(entry?.state, 'not-undoable');
    assert.equal(entry.because, '1 evicted pod was recreated elsewhere by its controller');
  });

  it('says which right was missing if the node was cut off meanwhile', async () => {
    const kit = containmentKit();
    await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
    kit.cluster.faults.add({ verb: 'evict', times: 1_000_000, fault: '403' });
    const drain = (await deliver(kit)).journal.find((e) => e.step === 'drain-node');
    assert.deepEqual([drain?.state, drain?.proof], ['applied', 'not proven']);
    assert.match(
      drain?.because ?? '',
      /could not be confirmed; before that: denied, .*Kubernetes refused to evict Pod payments\/ledger-\d \(403\)/,
    );
  });

  it('says what it waited for if the node was cut off meanwhile', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    for (const pod of kit.cluster.list('v1', 'Pod', 'payments'))
      kit.cluster.edit({ apiVersion: 'v1', kind: 'Pod', namespace: 'payments', name: pod.metadata.name }, (draft) => {
        draft.metadata.finalizers = ['example.com/hold'];
      });
    await carry(kit, cordonNode);
    await carry(kit, drainNode, undefined, 1);
    kit.cluster.cutNode(subject.host?.node ?? '');
    const [carried] = await carry(kit, drainNode);
    assert.equal(carried?.entry.state, 'applied');
    assert.match(
      carried.entry.because ?? '',
      /could not be confirmed; before that: waiting for payments\/ledger-\d to end/,
    );
  });

  it('does not ask again for the eviction of a pod that is leaving', async () => {
    const kit = containmentKit();
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
    for (const pod of kit.cluster.list('v1', 'Pod', 'payments'))
      kit.cluster.edit({ apiVersion: 'v1', kind: 'Pod', namespace: 'payments', name: pod.metadata.name }, (draft) => {
        draft.metadata.finalizers = ['example.com/hold'];
      });
    await carry(kit, cordonNode);
    const [carried] = await carry(kit, drainNode);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried.entry.because ?? '', /^not drained in 120 s; waiting for payments\/ledger-\d to end$/);
    assert.equal(kit.cluster.calls().filter(({ verb }) => verb === 'evict').length, 1);
  });

  it('leaves a node that was made again under the same name, also while it waits', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const { project, zone, instance } = subject.host ?? assert.fail();
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    await carry(kit, cordonNode);
    kit.cluster.faults.add({ verb: 'evict', times: 1, fault: '500' });
    await carry(kit, drainNode, undefined, 1);
    kit.world.compute.stranger.recreate(`projects/${project}/zones/${zone}/instances/${instance}`);
    await kit.clock.advance(300_000);
    kit.world.settle();
    const evictions = kit.cluster.calls().filter(({ verb }) => verb === 'evict').length;
    const [carried] = await carry(kit, drainNode);
    assert.equal(carried?.entry.state, 'skipped');
    assert.match(carried.entry.because ?? '', /is gone, or another machine now has its name/);
    assert.equal(kit.cluster.calls().filter(({ verb }) => verb === 'evict').length, evictions);
  });
});
