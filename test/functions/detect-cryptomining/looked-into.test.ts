import { strict as assert } from 'node:assert';
import { busyFor } from '../../../local/scenarios/busy.ts';
import { evenly } from '../../../local/world/monitoring/use.ts';
import { SHOP } from '../../../local/world/seed.ts';
import { chainOf, DETECTOR, nodeOf, onPod } from '../../kit/cpu-chain.ts';
import { podNamed } from '../../kit/decision.ts';
import { cart } from '../../kit/requests.ts';
import { worldClusters } from '../../kit/world-clusters.ts';

const MINUTE = 60_000;
const SHAPE = 'strong-plateau-hour' as const;

describe('CPU use that the detector looks into, from notification to incident', () => {
  it('on a node opens an incident on the workload whose pod causes it', async () => {
    const { kit, notify } = chainOf({ looking: true });
    const pod = cart(kit);
    busyFor(kit.world, pod, 'cart', 2.96, kit.clock.now());
    await notify({ on: { kind: 'node', node: nodeOf(pod) }, shape: SHAPE });
    await notify({ on: onPod(pod), shape: SHAPE });
    const { target, subjects, decision, summary } = await kit.incident();
    assert.deepEqual(target.workload, { kind: 'Deployment', name: 'cart' });
    assert.deepEqual(
      subjects.map(({ uid }) => uid),
      [pod.metadata.uid],
    );
    assert.equal(decision?.tier, 'snapshot');
    assert.deepEqual(
      summary.maxima.map(({ severity, confidence }) => [severity, confidence]),
      [['medium', 0.55]],
    );
  });

  // Two families of evidence, each observed by itself: the command of the pod, and its CPU use.
  it("of a pod with a miner's command line leads to isolation, from a node alert alone", async () => {
    const { kit, notify } = chainOf({ looking: true });
    const args = ['-o', 'stratum+tcp://pool.example.com:3333'];
    const containers = [{ name: 'app', image: 'shop.example.com/app:1', args, resources: { limits: { cpu: '3' } } }];
    const node = nodeOf(cart(kit));
    const metadata = { name: 'web-0', namespace: 'shop' };
    kit.cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: node, containers } });
    kit.world.settle();
    await kit.clock.advance(90 * MINUTE);
    const pod = podNamed(kit, 'shop', 'web-0');
    busyFor(kit.world, pod, 'app', 2.96, kit.clock.now());
    await notify({ on: { kind: 'node', node }, shape: SHAPE });
    const { subjects, decision, goal, summary } = await kit.incident();
    assert.deepEqual(
      subjects.map(({ uid }) => uid),
      [pod.metadata.uid],
    );
    assert.deepEqual(summary.maxima.map(({ rule, family, confidence }) => [rule, family, confidence]).toSorted(), [
      ['busy-miner', 'spec', 0.97],
      ['sustained-high-cpu', 'cpu', 0.6],
    ]);
    assert.deepEqual([decision?.tier, decision?.asked?.tier, goal?.tier], ['isolate', 'delete-workload', 'isolate']);
  });

  it('on a node that no pod explains opens an incident on the node, and takes a snapshot', async () => {
    const { kit, notify } = chainOf({ looking: true });
    const node = nodeOf(cart(kit));
    kit.world.monitoring.useBeside(node, evenly('beside', { level: 3.6, from: 0, before: () => 0 }));
    await notify({ on: { kind: 'node', node }, shape: SHAPE });
    const { target, subjects, decision, findings } = await kit.incident();
    assert.equal(target.node, node);
    assert.deepEqual(
      subjects.map(({ kind }) => kind),
      ['node'],
    );
    assert.equal(decision?.tier, 'snapshot');
    assert.match(findings[0]?.because.join() ?? '', /something runs outside of pods/);
  });

  it('of a batch job is only observed, however flat', async () => {
    const { kit, notify } = chainOf({ looking: true });
    const pod = podNamed(kit, 'shop', 'nightly-report-');
    busyFor(kit.world, pod, 'report', 0.99, kit.clock.now());
    await notify({
      on: { ...onPod(pod), kind: 'pod', namespace: 'shop', pod: pod.metadata.name, container: 'report' },
      shape: SHAPE,
    });
    const { decision, goal } = await kit.incident();
    assert.deepEqual([decision?.tier, goal], ['observe', null]);
  });

  it('has low confidence if the detector may not read metrics, and still opens an incident', async () => {
    const { kit, notify } = chainOf({ looking: true });
    kit.world.monitoring.readers.delete(DETECTOR);
    await notify({ on: onPod(cart(kit)), shape: SHAPE });
    const { decision, summary } = await kit.incident();
    assert.deepEqual([decision?.tier, summary.maxima[0]?.confidence], ['observe', 0.35]);
    assert.match(kit.counted.map(({ metric }) => metric).join(), /series-unread/);
  });

  // A detector that was taken over must not be able to read more than it needs.
  it('needs no more rights than to get and list pods', async () => {
    const { kit } = chainOf({ looking: true });
    const reader = worldClusters(kit.world, DETECTOR).reader(SHOP);
    assert.ok((await reader.list({ apiVersion: 'v1', kind: 'Pod' })).length > 0);
    for (const kind of ['Secret', 'Node', 'ConfigMap', 'ServiceAccount'])
      await assert.rejects(reader.list({ apiVersion: 'v1', kind }), /403|cannot list|forbidden/i, kind);
  });
});
