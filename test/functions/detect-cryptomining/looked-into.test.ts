import { strict as assert } from 'node:assert';
import { makeDecide } from '../../../functions/decide/handler.ts';
import { makeDetectCryptomining } from '../../../functions/detect-cryptomining/handler.ts';
import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { busyFor } from '../../../local/scenarios/busy.ts';
import { type CpuIncident, cpuIncident, type Monitored } from '../../../local/scenarios/monitoring-incident.ts';
import { evenly } from '../../../local/world/monitoring/use.ts';
import { SHOP } from '../../../local/world/seed.ts';
import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import { evaluate } from '../../../shared/detection/evaluate.ts';
import { RULES } from '../../../shared/detection/registry.ts';
import { record } from '../../../shared/kubernetes/loose.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { readPayload } from '../../../shared/sources/registry.ts';
import { openMemoryStores } from '../../../shared/store/memory.ts';
import { decisionKit, envelopeOf, type Kit, podNamed } from '../../kit/decision.ts';
import { worldClusters } from '../../kit/world-clusters.ts';
import { worldMetrics } from '../../kit/world-metrics.ts';

const MINUTE = 60_000;
const DETECTOR = 'firebreak-detect-cryptomining';

type Chain = {
  kit: Kit;
  /** Sends a CPU notification through detect-cryptomining and decide. */
  notify(of: Partial<CpuIncident> & { on: Monitored }, over?: Record<string, unknown>): Promise<void>;
  /** Sends the audit entry of a command in a pod, a miner by default. */
  exec(pod: KubeObject, command?: string): Promise<void>;
};

/**
 * The functions from a notification to an incident, with the real rules, over a played cluster. With `looking` the
 * detector reads the cluster's metrics and pods.
 */
const chainOf = ({ looking = false } = {}): Chain => {
  const kit = decisionKit();
  const { clock, log } = kit.ports;
  const decide = makeDecide({ ...kit.ports, rules: new Map(RULES.map((rule) => [rule.id, rule])) });
  const memory = openMemoryStores({ raw: makeMemoryStore(clock), clock });
  const publish = async (_topic: string, body: unknown): Promise<string> => {
    await decide(envelopeOf('findings', 'f', body, clock.now()));
    return 'f';
  };
  const around = {
    metrics: worldMetrics(kit.world.monitoring, DETECTOR, clock.now),
    clusters: worldClusters(kit.world, DETECTOR),
  };
  const detect = makeDetectCryptomining({ bus: { publish }, clock, log, memory, ...(looking ? around : {}) });
  let count = 0;
  return {
    kit,
    notify: async (of, over = {}) => {
      count += 1;
      const whole = cpuIncident({ id: `0.alert-${count}`, cluster: SHOP, startedAt: clock.now(), ...of });
      const incident = { ...record(whole.incident), ...over };
      await detect(envelopeOf('cpu', `m-${count}`, { ...whole, incident }, clock.now()));
    },
    exec: async ({ metadata: { name, namespace } }, command = '/tmp/xmrig -o pool.example.com:3333') => {
      const parts = { verb: 'create', resource: 'pods', subresource: 'exec', namespace, name, command };
      const { signal } = readPayload(auditEntry({ ...SHOP, ...parts, at: timeOf(clock.now()) }), { now: clock.now() });
      assert.ok(signal !== undefined);
      for (const finding of evaluate(signal, clock.now())) await publish('findings', finding);
    },
  };
};

const onPod = ({ metadata: { name, namespace = '' } }: KubeObject): Monitored => ({
  kind: 'pod',
  namespace,
  pod: name,
  container: 'cart',
});
const nodeOf = (pod: KubeObject): string => String(pod.spec?.nodeName);
const cart = (kit: Kit): KubeObject => podNamed(kit, 'shop', 'cart-');
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
