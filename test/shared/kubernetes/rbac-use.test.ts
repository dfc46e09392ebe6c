import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeDecide } from '../../../functions/decide/handler.ts';
import { makeDetectCryptomining } from '../../../functions/detect-cryptomining/handler.ts';
import { makeOperate } from '../../../functions/operate/handler.ts';
import { cpuIncident, type Monitored } from '../../../local/scenarios/monitoring-incident.ts';
import { SHOP } from '../../../local/world/seed.ts';
import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import { RESERVE_RBAC } from '../../../shared/containment/reserve.ts';
import { CONTAIN_RBAC } from '../../../shared/containment/rights.ts';
import { type RunPorts, run } from '../../../shared/containment/run.ts';
import { STEPS } from '../../../shared/containment/steps/registry.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import { type ClusterFunction, rightsOf } from '../../../shared/kubernetes/rbac-roles.ts';
import { TIERS, type Tier, type Topic } from '../../../shared/model/ids.ts';
import type { Target } from '../../../shared/model/target.ts';
import { openMemoryStores } from '../../../shared/store/memory.ts';
import {
  CONTAIN,
  containmentKit,
  incidentOf,
  openIncident,
  playKiller,
  podNamed,
  setGoal,
  subjectOf,
  withSandboxPool,
} from '../../kit/containment.ts';
import { decisionKit, envelopeOf, findingOn, type Kit, targetOf } from '../../kit/decision.ts';
import { declaredRights, grantedRights, recordedClusters } from '../../kit/recorded-clusters.ts';
import { worldClusters } from '../../kit/world-clusters.ts';

const granted = (name: ClusterFunction): string[] => {
  const { everywhere, ownNamespace } = rightsOf(name, CONTAIN_RBAC);
  return [...grantedRights(everywhere), ...grantedRights(ownNamespace)].toSorted();
};
const rbacOf = (used: ReadonlySet<string>): string[] => [...used].filter((right) => right.includes('/')).toSorted();

/** Adds kinds of controllers of which the seeded shop has no pod. */
const addWorkloads = ({ cluster }: Pick<Kit, 'cluster'>): void => {
  const template = (app: string) => ({
    metadata: { labels: { app } },
    spec: { containers: [{ name: app, image: `shop.example.com/${app}:1.0.0` }] },
  });
  cluster.apply({
    apiVersion: 'v1',
    kind: 'ReplicationController',
    metadata: { name: 'legacy', namespace: 'shop' },
    spec: { replicas: 1, selector: { app: 'legacy' }, template: template('legacy') },
  });
  const cron = cluster.get({ apiVersion: 'batch/v1', kind: 'CronJob', namespace: 'shop', name: 'cleanup' });
  assert.ok(cron);
  cluster.apply({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: 'cleanup-1',
      namespace: 'shop',
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'CronJob', name: 'cleanup', uid: cron.metadata.uid, controller: true },
      ],
    },
    spec: { template: { spec: { restartPolicy: 'Never', ...template('cleanup').spec } } },
  });
};

/** Decide or operate under its own identity, with the rights that its calls use. */
const watched = (name: 'decide' | 'operate') => {
  const kit = decisionKit();
  addWorkloads(kit);
  const used = new Set<string>();
  const clusters = recordedClusters(worldClusters(kit.world, `firebreak-${name}`), used);
  return { kit, used, ports: { ...kit.ports, clusters } };
};
const podsOf = (kit: Kit): KubeObject[] =>
  kit.cluster.list('v1', 'Pod').filter((pod) => ['shop', 'payments'].includes(pod.metadata.namespace ?? ''));

/** A target of every kind that can be named. */
const targetsIn = (kit: Kit): Target[] => {
  const [pod] = podsOf(kit);
  const workload = (kind: string, name: string): Target => ({ ...SHOP, namespace: 'shop', workload: { kind, name } });
  const vm = [...kit.world.compute.state.instances.values()].at(-1);
  return [
    ...podsOf(kit).map((one) => targetOf(one)),
    workload('Deployment', 'cart'),
    workload('DaemonSet', 'node-agent'),
    workload('ReplicationController', 'legacy'),
    workload('CronJob', 'cleanup'),
    { ...SHOP, namespace: 'payments', workload: { kind: 'StatefulSet', name: 'ledger' } },
    { ...SHOP, node: String(pod?.spec?.nodeName) },
    { ...SHOP, instance: vm?.id ?? '' },
  ];
};

const deliver = async (ports: RunPorts, kit: ReturnType<typeof containmentKit>, id: string): Promise<void> => {
  for (let deliveries = 0; deliveries < 20; deliveries += 1) {
    await kit.clock.drive(run(ports, id)).catch(() => undefined);
    const { goal, run: done } = await incidentOf(kit, id);
    if (goal?.rev === done.rev) return;
    await kit.clock.advance(61_000);
  }
  assert.fail(`${id} did not reach its goal in 20 deliveries`);
};

/** Contains a pod with all options, and releases it. */
const thereAndBack = async (tier: Tier, pod: string, used: Set<string>): Promise<void> => {
  const kit = containmentKit();
  playKiller(kit);
  withSandboxPool(kit);
  const ports = { ...kit.ports, clusters: recordedClusters(worldClusters(kit.world, CONTAIN), used) };
  const options = { investigate: true, forensics: true, sandbox: true, freeze: true };
  await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', pod))], tier, { options });
  await deliver(ports, kit, 'i-1');
  await setGoal(kit, 'i-1', 'released');
  await deliver(ports, kit, 'i-1');
};

// A function must hold exactly the rights that its calls need. The simulated API server refuses a call without its
// right. A right that is granted and never used would only serve a thief.
describe('the rights that a function uses in a cluster', () => {
  it('are those granted to decide, for every kind of target', async () => {
    const { kit, used, ports } = watched('decide');
    for (const target of targetsIn(kit))
      await makeDecide(ports)(envelopeOf('findings', 'm', findingOn(kit, target), kit.clock.now()));
    assert.deepEqual(rbacOf(used), granted('decide'));
  });

  it('are those granted to operate, for every kind of target', async () => {
    const { kit, used, ports } = watched('operate');
    const deliver = (topic: Topic, id: string, body: unknown): Promise<void> =>
      makeOperate(ports)(envelopeOf(topic, id, body, kit.clock.now()));
    for (const [n, target] of targetsIn(kit).entries())
      await deliver('requests', `m-${n}`, {
        action: 'contain',
        tier: 'snapshot',
        target,
        reason: 'drill',
        requestedBy: 'ana@example.com',
      });
    await deliver('tick', 'm-tick', {});
    assert.deepEqual(rbacOf(used), granted('operate'));
  });

  it('are those granted to detect-cryptomining, for alerts on pods and nodes', async () => {
    const kit = decisionKit();
    const used = new Set<string>();
    const clusters = recordedClusters(worldClusters(kit.world, 'firebreak-detect-cryptomining'), used);
    const memory = openMemoryStores({ raw: makeMemoryStore(kit.clock), clock: kit.clock });
    const { bus, clock, log } = kit.ports;
    const detect = makeDetectCryptomining({ bus, clock, log, memory, clusters });
    const [pod] = podsOf(kit);
    const on: Monitored[] = [
      { kind: 'pod', namespace: 'shop', pod: pod?.metadata.name ?? '', container: 'cart' },
      { kind: 'node', node: String(pod?.spec?.nodeName) },
    ];
    for (const [n, one] of on.entries()) {
      const alert = cpuIncident({
        id: `0.alert${n}`,
        cluster: SHOP,
        on: one,
        startedAt: clock.now(),
        shape: 'plateau',
      });
      await detect(envelopeOf('cpu', `m-${n}`, alert, clock.now()));
    }
    assert.deepEqual(rbacOf(used), granted('detect-cryptomining'));
  });

  it('are within those granted to contain at every tier and its release, and include those that the run declares for the budget', async () => {
    const used = new Set<string>();
    for (const tier of TIERS)
      for (const name of ['cart', 'node-agent', 'debug-shell']) await thereAndBack(tier, name, used);
    const declared = new Set(declaredRights(CONTAIN_RBAC));
    assert.deepEqual(
      rbacOf(used).filter((right) => !declared.has(right) && !declared.has(right.replace(/\/\S+ /, '/* '))),
      [],
    );
    const ofSteps = declaredRights(STEPS.flatMap(({ permissions }) => permissions.rbac));
    assert.deepEqual(
      declaredRights(RESERVE_RBAC).filter((right) => !used.has(right) && !ofSteps.includes(right)),
      [],
      'declared by the run and never used; each step holds its own in its contract',
    );
  }).timeout(240_000);
});
