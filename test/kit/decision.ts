import { makeDecide } from '../../functions/decide/handler.ts';
import { makeOperate } from '../../functions/operate/handler.ts';
import type { KubeCluster } from '../../local/world/kubernetes/cluster.ts';
import { SHOP, seedShop } from '../../local/world/seed.ts';
import { makeWorld, type World } from '../../local/world/world.ts';
import { makeMemoryStore } from '../../shared/adapters/store-memory.ts';
import type { RuleClaim } from '../../shared/decision/claims.ts';
import type { Rules } from '../../shared/decision/decide-tier.ts';
import { readPolicy } from '../../shared/decision/policy.ts';
import type { Envelope } from '../../shared/envelope.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import type { Entry } from '../../shared/model/entry.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { Topic } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { type Notice, notice } from '../../shared/model/notice.ts';
import type { RequestRecord } from '../../shared/model/request.ts';
import type { Target } from '../../shared/model/target.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { DecidePorts } from '../../shared/ports.ts';
import { openStores } from '../../shared/store/incidents.ts';
import { type VirtualClock, virtualClock } from './virtual-clock.ts';
import { worldClusters } from './world-clusters.ts';
import { worldCompute } from './world-compute.ts';

/** The identity under which decide and operate read the simulated world. */
export const DECIDE = 'firebreak-decide';

/** Rules in the form of their registry: the most that each may claim. */
export const RULES: ReadonlyMap<string, RuleClaim> = new Map<string, RuleClaim>([
  ['exec-shell', { severity: 'high', confidence: 0.9, family: 'exec', conclusive: true, reads: 'audit' }],
  ['exec-miner', { severity: 'critical', confidence: 0.95, family: 'exec', conclusive: true, reads: 'audit' }],
  ['busy-cpu', { severity: 'critical', confidence: 0.95, family: 'cpu', conclusive: false, reads: 'audit' }],
  ['spec-privileged', { severity: 'high', confidence: 0.8, family: 'spec', conclusive: true, reads: 'audit' }],
  ['binding-to-everybody', { severity: 'critical', confidence: 0.9, family: 'rbac', conclusive: true, reads: 'audit' }],
  ['feed-shell', { severity: 'high', confidence: 0.9, family: 'threat-feed', reads: 'threat', feed: 'falco' }],
]);

export type Counted = { metric: string; message: string };
export type Published = { topic: Topic; body: unknown };

export type Kit = {
  clock: VirtualClock;
  world: World;
  cluster: KubeCluster;
  ports: DecidePorts & Rules & { rules: typeof RULES };
  published: Published[];
  counted: Counted[];
  /** The number of writes to documents of the incidents collection. */
  writes(): number;
  /** Delivers a finding; the `id` of the message does not matter. */
  decide(finding: Finding): Promise<void>;
  /** Publishes a request and resolves with its record. */
  ask(body: unknown, over?: Partial<Envelope>): Promise<RequestRecord>;
  tick(): Promise<void>;
  incidents(): Promise<Incident[]>;
  /** The only incident; throws if there is none or more than one. */
  incident(): Promise<Incident>;
  /** Stands in for contain: marks the goal as carried out, with these changes in the journal. */
  carryOut(id: string, journal?: Entry[]): Promise<void>;
};

const found = <T>(what: string, value: T | undefined): T => {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
};

export const envelopeOf = (topic: Topic, id: string, data: unknown, at: number): Envelope => ({
  id,
  topic,
  attributes: {},
  data,
  publishedAt: timeOf(at),
});

/** decide and operate over the simulated shop, under a policy given as YAML, with a clock that the test moves. */
export const decisionKit = (policyText = 'mode: act'): Kit => {
  const clock = virtualClock();
  const world = makeWorld(clock);
  const cluster = seedShop(world);
  const published: Published[] = [];
  const counted: Counted[] = [];
  let writes = 0;
  let messages = 0;
  const stores = openStores({ raw: makeMemoryStore(clock), clock });
  const { policy, hash } = readPolicy(policyText);
  const ports: Kit['ports'] = {
    clock,
    bus: {
      publish: async (topic, body) => {
        published.push({ topic, body });
        return String(published.length);
      },
    },
    stores: {
      ...stores,
      incidents: {
        ...stores.incidents,
        put: async (id, doc, expected) => {
          const stored = await stores.incidents.put(id, doc, expected);
          writes += 1;
          return stored;
        },
      },
    },
    clusters: worldClusters(world, DECIDE),
    compute: worldCompute(world.compute, DECIDE),
    log: {
      info: () => undefined,
      warn: () => undefined,
      error: () => undefined,
      count: (metric, message) => void counted.push({ metric, message }),
    },
    policy,
    policyHash: hash,
    rules: RULES,
  };
  const deliver = (topic: Topic, data: unknown): Envelope => {
    messages += 1;
    return envelopeOf(topic, `m-${messages}`, data, clock.now());
  };
  const incidents = async (): Promise<Incident[]> => (await stores.incidents.list({})).items;
  return {
    clock,
    world,
    cluster,
    ports,
    published,
    counted,
    writes: () => writes,
    decide: (finding) => makeDecide(ports)(deliver('findings', finding)),
    ask: async (body, over = {}) => {
      const envelope = { ...deliver('requests', body), ...over };
      await makeOperate(ports)(envelope);
      const named = typeof body === 'object' && body !== null && 'id' in body ? String(body.id) : envelope.id;
      return found('record', (await stores.requests.get(named)) ?? (await stores.requests.get(envelope.id)));
    },
    tick: () => makeOperate(ports)(deliver('tick', {})),
    incidents,
    incident: async () => {
      const all = await incidents();
      if (all.length !== 1) throw new Error(`there are ${all.length} incidents`);
      return found('incident', all[0]);
    },
    carryOut: async (id, journal = []) => {
      const current = found(`incident ${id}`, await stores.incidents.get(id));
      await stores.incidents.put(id, { ...current, run: { rev: current.goal?.rev ?? 0 }, journal }, current.rev);
    },
  };
};

/** The notices that were published, oldest first. */
export const noticesOf = ({ published }: Pick<Kit, 'published'>): Notice[] =>
  published.flatMap(({ topic, body }) => (topic === 'notices' ? [notice.parse(body)] : []));

/** The pods of the seeded shop whose names start with `start`. */
export const podsNamed = (kit: Kit, namespace: string, start: string): KubeObject[] =>
  kit.cluster
    .list('v1', 'Pod')
    .filter((pod) => pod.metadata.namespace === namespace && pod.metadata.name.startsWith(start));

export const podNamed = (kit: Kit, namespace: string, start: string): KubeObject =>
  found(`pod ${namespace}/${start}`, podsNamed(kit, namespace, start)[0]);

export const targetOf = (pod: KubeObject, uid = false): Target => ({
  ...SHOP,
  namespace: pod.metadata.namespace ?? 'default',
  pod: pod.metadata.name,
  ...(uid ? { uid: pod.metadata.uid } : {}),
});

let findings = 0;

/** A conclusive finding about the exec of a shell in a pod. Every call makes another finding. */
export const findingOn = (kit: Kit, target: Target, over: Partial<Finding> = {}): Finding => {
  findings += 1;
  return {
    v: 1,
    id: `f-${findings}`,
    rule: 'exec-shell',
    severity: 'high',
    confidence: 0.9,
    because: ['a shell was started'],
    target,
    at: timeOf(kit.clock.now()),
    source: 'gke-audit-log',
    family: 'exec',
    conclusive: true,
    ...over,
  };
};

/** An entry for a change in force, as contain would have journaled it. */
export const appliedEntry = (kit: Kit): Entry => ({
  step: 'quarantine-pod',
  subject: 'shop/cart',
  uid: 'u',
  state: 'applied',
  startedAt: timeOf(kit.clock.now()),
  proof: 'proven',
  before: {},
  rev: 1,
});
