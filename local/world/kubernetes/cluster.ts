import { descriptionOf, readCluster } from '../../../shared/adapters/clusters-description.ts';
import type { ObjectRef } from '../../../shared/kubernetes/object.ts';
import type { ClusterRef } from '../../../shared/model/target.ts';
import type { ClusterDescription } from '../../../shared/ports.ts';
import type { WorldLog } from '../log.ts';
import type { Context, Reality } from './context.ts';
import { runtimeOf } from './context.ts';
import { discover } from './discovery.ts';
import { type Faults, makeFaults, refusalOf, spokenVerb } from './faults.ts';
import { makeKinds } from './kinds.ts';
import type { Fields, Obj } from './objects.ts';
import { type AccessTable, makeAccessTable } from './rbac.ts';
import { find, list, log } from './read.ts';
import { failure, Refusal } from './refusal.ts';
import { evict, markDeleted, remove } from './removal.ts';
import { type Address, type ApiRequest, type ApiResponse, addressOf } from './requests.ts';
import { makeSettle } from './settle.ts';
import { type Draft, makeStore } from './store.ts';
import { create, patch } from './write.ts';

/** One call that reached the API server, for tests that count or compare them. */
export type Call = {
  at: number;
  identity: string;
  verb: string;
  kind: string;
  namespace?: string;
  name?: string;
  status: number;
};

export type KubeCluster = {
  ref: ClusterRef;
  /** What the container API says of this cluster; tests and scenarios change it in place. */
  described: Fields;
  /** The same in the words of our port. */
  description(): ClusterDescription;
  /** Answers one request of an identity; `undefined` is a stranger without a valid token. */
  handle(identity: string | undefined, request: ApiRequest): ApiResponse;
  /** Lets the played controllers act until nothing changes, at the clock's present time. */
  settle(): void;
  rbac: AccessTable;
  faults: Faults;
  /** Logs, start times, programs and so on: what is true beyond the objects. */
  reality: Reality;
  calls(): readonly Call[];
  /** Reads past RBAC, for tests and scenarios. */
  get(ref: ObjectRef): Obj | undefined;
  list(apiVersion: string, kind: string, namespace?: string): Obj[];
  /** Makes an object as an actor outside of our identities (a seed, an attacker), then settles. */
  apply(object: Draft & { apiVersion: string; kind: string }, actor?: string): Obj;
  /** Changes an object as an actor outside of our identities, then settles. */
  edit(ref: ObjectRef, change: (draft: Obj) => void, actor?: string): Obj;
  /** Deletes an object as an actor outside of our identities, then settles. */
  drop(ref: ObjectRef, actor?: string): void;
  /** The node loses its network: Unknown, tainted, its pods not Ready and out of reach. */
  cutNode(name: string, by?: 'machine' | 'test'): void;
  /** The node's network comes back; what was marked for deletion is killed now. */
  reconnectNode(name: string): void;
  /** UIDs of the pods whose containers really run on a node, whatever the API says. */
  running(node: string): string[];
};

const unauthorized = (): Refusal => failure(401, 'Unauthorized', 'Unauthorized');

const execute = (
  context: Context,
  actor: string,
  address: Address,
  request: ApiRequest,
): { status: number; body: Fields | string } => {
  const query = request.query ?? {};
  if (address.subresource === 'log') return { status: 200, body: log(context, address, query) };
  if (address.subresource === 'eviction') return { status: 201, body: evict(context, actor, address, request.body) };
  switch (address.verb) {
    case 'get':
      return { status: 200, body: find(context, address) };
    case 'list':
      return { status: 200, body: list(context, address, query) };
    case 'create':
      return { status: 201, body: create(context, actor, address, request.body) };
    case 'patch':
      return { status: 200, body: patch(context, actor, address, request) };
    case 'delete':
      return { status: 200, body: remove(context, actor, address, request.body, query) };
  }
};

const answerOf = (refused: unknown): ApiResponse => {
  if (!(refused instanceof Refusal)) throw refused;
  return { status: refused.status, headers: refused.headers, body: refused.body };
};

/** One simulated cluster: an API server in memory, its rules of access, faults by script, and played controllers. */
export const makeKubeCluster = (deps: {
  now(): number;
  random(): string;
  log: WorldLog;
  ref: ClusterRef;
  /** Called before every request and settlement: what happens around the cluster (its VMs) reaches it here. */
  around?: (cluster: KubeCluster) => void;
}): KubeCluster => {
  const described: Fields = {
    name: deps.ref.cluster,
    location: deps.ref.location,
    status: 'RUNNING',
    autopilot: { enabled: false },
    networkConfig: {
      network: `projects/${deps.ref.project}/global/networks/default`,
      datapathProvider: 'ADVANCED_DATAPATH',
    },
    nodePools: [],
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { endpoint: `${deps.ref.cluster}.${deps.ref.location}.gke.goog`, allowExternalTraffic: true },
    },
  };
  const kinds = makeKinds();
  const calls: Call[] = [];
  const context: Context = {
    ref: deps.ref,
    now: deps.now,
    random: deps.random,
    store: makeStore(deps),
    kinds,
    reality: {
      cut: new Map(),
      logs: new Map(),
      podStartMs: 0,
      unpullable: [],
      programs: [],
      stubborn: new Set(),
      running: new Map(),
      statics: new Map(),
    },
    kind: (name) => {
      const found = kinds.all().find((k) => k.kind === name);
      if (found === undefined) throw new Error(`The simulated API server has no kind ${name}.`);
      return found;
    },
  };
  const settle = makeSettle(context);
  const rbac = makeAccessTable();
  const faults = makeFaults();
  const kindOf = (ref: { apiVersion: string; kind: string }) => {
    const kind = kinds.byName(ref.apiVersion, ref.kind);
    if (kind === undefined) throw new Error(`The simulated API server has no kind ${ref.apiVersion} ${ref.kind}.`);
    return kind;
  };
  const get = (ref: ObjectRef): Obj | undefined => context.store.get(kindOf(ref), ref.namespace, ref.name);
  const need = (ref: ObjectRef): Obj => {
    const found = get(ref);
    if (found === undefined)
      throw new Error(`The simulated cluster has no ${ref.kind} ${ref.namespace ?? ''}/${ref.name}.`);
    return found;
  };

  const serve = (identity: string, address: Address, request: ApiRequest): ApiResponse => {
    const fault = faults.strike(address);
    if (fault === 'timeout') return { status: 0, headers: {}, body: '', dropped: 'timeout' };
    try {
      if (fault !== undefined && fault !== 'lost-reply') throw refusalOf(fault, address);
      rbac.check(identity, address);
      const answer = execute(context, identity, address, request);
      settle();
      const dropped = fault === 'lost-reply' ? { dropped: fault } : {};
      return { ...answer, headers: {}, ...dropped };
    } catch (refused) {
      return answerOf(refused);
    }
  };

  const around = (): void => deps.around?.(cluster);

  const cluster: KubeCluster = {
    ref: deps.ref,
    described,
    description: () => descriptionOf(readCluster(described)),
    rbac,
    faults,
    reality: context.reality,
    settle: () => {
      around();
      settle(true);
    },
    calls: () => calls,
    get,
    handle: (identity, request) => {
      around();
      settle();
      try {
        if (identity === undefined) throw unauthorized();
        const address = addressOf(kinds, request.method, request.path);
        if ('discovery' in address) {
          return { status: 200, headers: {}, body: discover(kinds, address.group, address.version) };
        }
        const answer = serve(identity, address, request);
        calls.push({
          at: deps.now(),
          identity,
          verb: spokenVerb(address),
          kind: address.kind.kind,
          ...(address.namespace === undefined ? {} : { namespace: address.namespace }),
          ...(address.name === undefined ? {} : { name: address.name }),
          status: answer.status,
        });
        return answer;
      } catch (refused) {
        return answerOf(refused);
      }
    },
    list: (apiVersion, kind, namespace) =>
      context.store
        .all(kindOf({ apiVersion, kind }))
        .filter((o) => namespace === undefined || o.metadata.namespace === namespace),
    apply: (object, actor = 'seed') => {
      const kind = kindOf(object);
      const address: Address = {
        verb: 'create',
        kind,
        ...(object.metadata.namespace === undefined ? {} : { namespace: object.metadata.namespace }),
      };
      const made = create(context, actor, address, object);
      settle();
      return context.store.byUid(made.metadata.uid) ?? made;
    },
    edit: (ref, change, actor = 'seed') => {
      const changed = context.store.update(actor, 'patch', need(ref), change);
      settle();
      return context.store.byUid(changed.metadata.uid) ?? changed;
    },
    drop: (ref, actor = 'seed') => {
      markDeleted(context, actor, need(ref));
      settle();
    },
    cutNode: (name, by = 'test') => {
      if (!context.reality.cut.has(name)) context.reality.cut.set(name, { at: deps.now(), by });
      settle(true);
    },
    reconnectNode: (name) => {
      context.reality.cut.delete(name);
      settle(true);
    },
    running: (node) => [...runtimeOf(context, node).keys()],
  };
  return cluster;
};
