import { ROOT } from '../../local/world/compute/state.ts';
import type { KubeCluster } from '../../local/world/kubernetes/cluster.ts';
import { SHOP, seedShop } from '../../local/world/seed.ts';
import { makeWorld, type World } from '../../local/world/world.ts';
import { makeKubernetesReader } from '../../shared/adapters/kubernetes.ts';
import { makeMemoryStore } from '../../shared/adapters/store-memory.ts';
import { parseProviderId } from '../../shared/compute-url.ts';
import type { RunPorts } from '../../shared/containment/run.ts';
import { DEFAULT_SETTINGS, type StepSettings } from '../../shared/containment/settings.ts';
import { STEPS } from '../../shared/containment/steps/registry.ts';
import type { Cap } from '../../shared/decision/cap.ts';
import type { Budgets } from '../../shared/decision/policy-settings.ts';
import { Conflict } from '../../shared/errors.ts';
import { putIncident } from '../../shared/incidents.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import type { Goal } from '../../shared/model/decision.ts';
import type { Topic } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { HostRef, NodeSubject, PodSubject, Subject, WorkloadSubject } from '../../shared/model/subject.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { Clock, ClusterReader } from '../../shared/ports.ts';
import { openStores } from '../../shared/store/incidents.ts';
import { makeMemoryEvidence } from './memory-evidence.ts';
import { type VirtualClock, virtualClock } from './virtual-clock.ts';
import { wireTo, worldClusters } from './world-clusters.ts';
import { worldCompute } from './world-compute.ts';

/** The identity that contain acts under in the simulated world; the world's log names it as the actor. */
export const CONTAIN = 'firebreak-contain';

/** Step settings with invented images. */
export const SETTINGS: StepSettings = {
  ...DEFAULT_SETTINGS,
  forensicsImage: `tools.example.com/forensics@sha256:${'a'.repeat(64)}`,
  killerImage: `tools.example.com/killer@sha256:${'b'.repeat(64)}`,
};

/** Budgets that restrict nothing except the last Ready node of a zone. */
export const AMPLE: Budgets = { minutes: 60, nodes: 1000, percent: 100, nodesPerPrincipal: 1000, workloads: 1000 };

export type Published = { topic: Topic; body: unknown };

/** A world, a store and the ports of contain, all with one clock that moves by itself. */
export type Kit = {
  clock: VirtualClock;
  world: World;
  cluster: KubeCluster;
  ports: RunPorts;
  published: Published[];
  cap: { now: Cap };
};

/** The parts needed to carry out steps, whichever cluster is behind them. */
export type Bench = Pick<Kit, 'clock' | 'ports'>;

/** The parts needed to store an incident. */
export type Register = {
  clock: Pick<Clock, 'now'>;
  ports: Pick<RunPorts, 'bus' | 'clock' | 'stores' | 'clusters' | 'compute'>;
};

/** The same with the simulated cluster; a stack of real processes has it too. */
export type Desk = Register & { cluster: KubeCluster };

/**
 * contain over the simulated shop, with all rights that its steps declare and no more, and a clock that the test moves.
 */
export const containmentKit = (seed = 1, clock = virtualClock(undefined, seed)): Kit => {
  const world = makeWorld(clock);
  const cluster = seedShop(world);
  const published: Published[] = [];
  const cap: Kit['cap'] = { now: { tier: 'delete-host', mode: 'act', because: [] } };
  const ports: RunPorts = {
    clock,
    bus: {
      publish: async (topic, body) => {
        published.push({ topic, body });
        return String(published.length);
      },
    },
    stores: openStores({ raw: makeMemoryStore(clock), clock }),
    clusters: worldClusters(world, CONTAIN),
    compute: worldCompute(world.compute, CONTAIN),
    evidence: makeMemoryEvidence(),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined, count: () => undefined },
    owner: 'contain-1',
    settings: SETTINGS,
    budgets: AMPLE,
    capOf: () => cap.now,
    stepOf: (id) => STEPS.find((step) => step.id === id),
  };
  return { clock, world, cluster, ports, published, cap };
};

const found = <T>(what: string, value: T | undefined): T => {
  if (value === undefined) throw new Error(`the seeded world has no ${what}`);
  return value;
};

/** The first pod of a namespace whose name starts with `start`. */
export const podNamed = (kit: Desk, namespace: string, start: string): KubeObject =>
  found(
    `pod ${namespace}/${start}`,
    kit.cluster
      .list('v1', 'Pod')
      .find((pod) => pod.metadata.namespace === namespace && pod.metadata.name.startsWith(start)),
  );

/** A reader with decide's rights: contain may not read everything that is needed to resolve a target. */
const decideReads = ({ cluster }: Desk): ClusterReader => makeKubernetesReader(wireTo(cluster, 'firebreak-decide'));

/** A node as decide would have resolved it. */
export const hostOf = async (kit: Desk, node: string): Promise<HostRef> => {
  const object = found(`node ${node}`, await decideReads(kit).get({ apiVersion: 'v1', kind: 'Node', name: node }));
  const vm = found(`VM of ${node}`, parseProviderId(String(object.spec?.providerID)));
  const instance = found(`VM of ${node}`, await kit.ports.compute.instance(vm));
  return { id: instance.id, node, nodeUid: object.metadata.uid, project: vm.project, zone: vm.zone, instance: vm.name };
};

/** A pod as decide would have resolved it. */
export const subjectOf = async (kit: Desk, pod: KubeObject, extra: Partial<PodSubject> = {}): Promise<PodSubject> => {
  const read = decideReads(kit);
  const namespace = pod.metadata.namespace ?? 'default';
  const owners: PodSubject['owners'] = [];
  for (let next = pod.metadata.ownerReferences?.[0]; next !== undefined; ) {
    const { apiVersion, kind, name, uid } = next;
    owners.push({ apiVersion, kind, name, uid });
    next = (await read.get({ apiVersion, kind, namespace, name }))?.metadata.ownerReferences?.[0];
  }
  const { metadata } = found('namespace', await read.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }));
  return {
    kind: 'pod',
    uid: pod.metadata.uid,
    namespace,
    namespaceUid: metadata.uid,
    name: pod.metadata.name,
    createdAt: timeOf(Date.parse(pod.metadata.creationTimestamp)),
    owners,
    host: await hostOf(kit, String(pod.spec?.nodeName)),
    hostNetwork: pod.spec?.hostNetwork === true,
    hostReach: pod.spec?.hostNetwork === true,
    windows: false,
    addedAt: timeOf(kit.clock.now()),
    ...extra,
  };
};

/** A node as the subject of an incident without an attributed pod. */
export const nodeSubjectOf = async (kit: Desk, node: string): Promise<NodeSubject> => {
  const host = await hostOf(kit, node);
  return { kind: 'node', uid: host.id, host, addedAt: timeOf(kit.clock.now()) };
};

/** Pods of two workloads that run on one node, and that node. */
export const neighboursIn = async (kit: Kit): Promise<{ cart: PodSubject; other: PodSubject; host: HostRef }> => {
  const cart = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  const host = found('node of the pod', cart.host);
  const isThere = (pod: KubeObject): boolean =>
    pod.spec?.nodeName === host.node && pod.metadata.name.startsWith('ledger');
  const other = found('second workload on that node', kit.cluster.list('v1', 'Pod').find(isThere));
  return { cart, other: await subjectOf(kit, other), host };
};

/** Stores an incident with a goal, as decide would have. */
export const openIncident = async (
  kit: Register,
  id: string,
  subjects: Subject[],
  tier: Goal['tier'],
  goal: Partial<Goal> = {},
): Promise<Incident> => {
  const at = timeOf(kit.clock.now());
  for (const s of subjects)
    for (const key of s.kind === 'pod' && s.host !== undefined ? [s.uid, s.host.id] : [s.uid]) {
      const known = await kit.ports.stores.subjects.get(key);
      await kit.ports.stores.subjects.put(
        key,
        { v: 1, rev: 0, writer: '', ...known, incidents: [...(known?.incidents ?? []), id] },
        known?.rev ?? null,
      );
    }
  return putIncident(
    kit.ports,
    {
      v: 1,
      rev: 0,
      writer: '',
      id,
      key: `key-${id}`,
      episode: 1,
      state: 'open',
      target: { ...SHOP, namespace: 'shop' },
      subjects,
      severity: 'high',
      confidence: 0.9,
      findings: [],
      summary: { count: 1, maxima: [], principals: [], firstAt: at, lastAt: at },
      decision: null,
      goal: { rev: 1, tier, by: 'policy', mode: 'act', at, requested: false, ...goal },
      plan: [],
      journal: [],
      run: { rev: 0 },
      window: { from: at, until: at, closesAt: at },
      openedAt: at,
      outbox: [],
      published: { notices: 0, goal: 0 },
    },
    null,
  );
};

/** Changes an incident's goal as operate would: on the current document, even while a run writes it. */
export const setGoal = async (
  kit: Register,
  id: string,
  tier: Goal['tier'],
  goal: Partial<Goal> = {},
): Promise<Incident> => {
  for (;;) {
    const known = found(`incident ${id}`, await kit.ports.stores.incidents.get(id));
    const rev = (known.goal?.rev ?? 0) + 1;
    const at = timeOf(kit.clock.now());
    const next = { rev, tier, by: 'ana@example.com', mode: 'act' as const, at, requested: true, ...goal };
    try {
      return await putIncident(kit.ports, { ...known, goal: next }, known.rev);
    } catch (thrown) {
      if (!(thrown instanceof Conflict)) throw thrown;
    }
  }
};

/** The VM of a host, if it still exists. */
export const vmOf = ({ world }: Kit, host: HostRef | undefined) =>
  [...world.compute.state.instances.values()].find(({ id }) => id === host?.id);

/** The state of the first entry of a step. */
export const stateOfStep = ({ journal }: Incident, step: string): string | undefined =>
  journal.find((e) => e.step === step)?.state;

/** The stored incident. */
export const incidentOf = async (kit: Register, id: string): Promise<Incident> =>
  found(`incident ${id}`, await kit.ports.stores.incidents.get(id));

/** `step subject: state proof` of every entry, sorted, for comparing end states. */
export const endOf = (incident: Incident): string[] =>
  incident.journal.map((e) => `${e.step} ${e.subject}: ${e.state} ${e.proof}`).sort();

/** The changes that contain's identity made in the world, one line per changed field. */
export const changesOf = (kit: Kit): string[] =>
  kit.world.log.by(CONTAIN).flatMap((t) => Object.keys(t.change).map((path) => `${t.verb} ${t.object} ${path}`));

/** A controller in namespace `shop`, as decide would have resolved it for a target without a pod. */
export const workloadOf = (kit: Desk, apiVersion: string, kind: string, name: string): WorkloadSubject => {
  const object = found(`${kind} ${name}`, kit.cluster.get({ apiVersion, kind, namespace: 'shop', name }));
  return {
    kind: 'workload',
    uid: object.metadata.uid,
    namespace: 'shop',
    owner: { apiVersion, kind, name, uid: object.metadata.uid },
    addedAt: timeOf(kit.clock.now()),
  };
};

/**
 * The subject for a host without a pod: a node of a regional group, with a second, regional disk. Also makes operations
 * slow.
 */
export const regionalSubject = async (kit: Kit): Promise<Subject[]> => {
  const [zone, name] = ['europe-west1-d', 'gke-c1-pool-2-7c6d5e4f-d1'];
  const { compute } = kit.world;
  compute.addGroup({
    project: 'p1',
    region: 'europe-west1',
    zones: [zone],
    name: 'gke-c1-pool-2-7c6d5e4f-grp',
    members: [name],
    template: {
      metadata: { 'cluster-name': SHOP.cluster, 'cluster-location': SHOP.location, 'gke-nodepool': 'pool-2' },
      disks: [
        {},
        { deviceName: 'data', source: `${ROOT}projects/p1/regions/europe-west1/disks/data`, autoDelete: false },
      ],
    },
  });
  compute.state.durations.running = 5_000;
  kit.world.settle();
  const host = await hostOf(kit, name);
  return [{ kind: 'node', uid: host.id, host, addedAt: timeOf(kit.clock.now()) }];
};

/** Gives the cluster a pool with GKE Sandbox, and the runtime classes that come with it. */
export const withSandboxPool = (kit: Kit): void => {
  const pools: unknown = kit.cluster.described.nodePools;
  const sandbox = { name: 'pool-s', config: { sandboxConfig: { type: 'GVISOR' } } };
  Object.assign(kit.cluster.described, { nodePools: [...(Array.isArray(pools) ? pools : []), sandbox] });
  for (const name of ['gvisor', 'kata'])
    kit.cluster.apply({ apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name }, handler: name });
};

/** Simulates Firebreak's killer image on a node: it ends the pod named in POD_UID, including its sandbox. */
export const playKiller = (kit: Kit): void => {
  kit.cluster.reality.programs.push({
    image: /^tools\.example\.com\/killer@/,
    run: (pod, runtime) => {
      const [container] = [pod.spec?.containers].flat();
      const [env] = [Object(container).env].flat();
      const killed = runtime.delete(String(Object(env).value)) ? 1 : 0;
      return { phase: 'Succeeded', log: `killed=${killed}\n` };
    },
  });
};

/** A pod that is deleted from the API while its process runs on, because its kubelet could not kill it. */
export const goneButRunning = async (kit: Kit): Promise<PodSubject> => {
  playKiller(kit);
  const pod = podNamed(kit, 'shop', 'debug-shell');
  const subject = await subjectOf(kit, pod);
  kit.cluster.reality.stubborn.add(pod.metadata.uid);
  kit.cluster.drop({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod.metadata.name });
  return subject;
};
