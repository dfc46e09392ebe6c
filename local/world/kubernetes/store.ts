import { kubeObject } from '../../../shared/kubernetes/object.ts';
import type { Transition, WorldLog } from '../log.ts';
import { apiVersionOf, type Kind } from './kinds.ts';
import { difference, type Obj, same, stampOf } from './objects.ts';

/** An object to store, without the fields that only the server fills. */
export type Draft = {
  apiVersion?: string | undefined;
  kind?: string | undefined;
  metadata: { name: string; namespace?: string | undefined; [key: string]: unknown };
  [key: string]: unknown;
};

export type Store = {
  get(kind: Kind, namespace: string | undefined, name: string): Obj | undefined;
  byUid(uid: string): Obj | undefined;
  /** Every object of a kind, ordered by namespace and name. */
  all(kind: Kind): readonly Obj[];
  everything(): Obj[];
  insert(actor: string, kind: Kind, draft: Draft): Obj;
  /**
   * Applies `change` to a copy and stores it. If nothing changed: the same object and resourceVersion, and no log
   * record.
   */
  update(actor: string, verb: string, object: Obj, change: (draft: Obj) => void): Obj;
  remove(actor: string, object: Obj): void;
  /** Grows with every change. */
  version(): number;
};

const QUIET = new Set(['metadata.resourceVersion', 'metadata.generation']);
const GENERATIONS = /^(Deployment|ReplicaSet|StatefulSet|DaemonSet|Job|CronJob|PodDisruptionBudget|NetworkPolicy)$/;

/** An object's name for the log: `Pod shop/cart-7d9f` or `Node gke-c1-pool-1`. */
const nameOf = (object: Obj): string =>
  object.metadata.namespace === undefined
    ? `${object.kind} ${object.metadata.name}`
    : `${object.kind} ${object.metadata.namespace}/${object.metadata.name}`;

/** An RFC 4122 UUID from 128 bits in hex. */
const uidOf = (random: string): string => {
  const hex = random.replace(/[^0-9a-f]/g, '').padEnd(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/**
 * The objects of one cluster, with uid, resourceVersion and generation. Every change is recorded in the world's log.
 */
export const makeStore = (deps: { now(): number; random(): string; log: WorldLog }): Store => {
  const byKind = new Map<string, Map<string, Obj>>();
  const orders = new Map<Map<string, Obj>, readonly Obj[]>();
  const uids = new Map<string, Obj>();
  let version = 1000;

  const tableOf = (group: string, kind: string): Map<string, Obj> => {
    const name = `${group}/${kind}`;
    const table = byKind.get(name) ?? new Map<string, Obj>();
    byKind.set(name, table);
    return table;
  };
  const groupOf = (object: Obj): string =>
    object.apiVersion.includes('/') ? String(object.apiVersion.split('/')[0]) : '';
  const keyOf = (object: { metadata: { name: string; namespace?: string | undefined } }): string =>
    `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
  const record = (actor: string, verb: string, object: Obj, change: Transition['change']): void =>
    deps.log.record({
      at: deps.now(),
      api: 'kubernetes',
      actor,
      verb,
      object: nameOf(object),
      uid: object.metadata.uid,
      change,
    });
  const keep = (object: Obj): Obj => {
    const table = tableOf(groupOf(object), object.kind);
    table.set(keyOf(object), object);
    orders.delete(table);
    uids.set(object.metadata.uid, object);
    return object;
  };
  const sorted = (table: Map<string, Obj>): readonly Obj[] => {
    const known = orders.get(table);
    if (known !== undefined) return known;
    const order = [...table.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    orders.set(table, order);
    return order;
  };

  return {
    get: (kind, namespace, name) => tableOf(kind.group, kind.kind).get(`${namespace ?? ''}/${name}`),
    byUid: (uid) => uids.get(uid),
    all: (kind) => sorted(tableOf(kind.group, kind.kind)),
    everything: () => [...byKind.values()].flatMap(sorted),
    insert: (actor, kind, draft) => {
      version += 1;
      const copy = structuredClone(draft);
      const object = kubeObject.parse({
        ...copy,
        apiVersion: apiVersionOf(kind),
        kind: kind.kind,
        metadata: {
          ...copy.metadata,
          uid: uidOf(deps.random()),
          resourceVersion: String(version),
          creationTimestamp: stampOf(deps.now()),
          ...(GENERATIONS.test(kind.kind) || kind.custom ? { generation: 1 } : {}),
        },
      });
      keep(object);
      record(actor, 'create', object, { '': { from: null, to: object } });
      return object;
    },
    update: (actor, verb, object, change) => {
      // Objects are JSON, and this is the most executed line of every simulation: it is twice as fast as
      // structuredClone.
      const draft: Obj = JSON.parse(JSON.stringify(object));
      change(draft);
      draft.metadata.resourceVersion = object.metadata.resourceVersion;
      if (same(object, draft)) return object;
      version += 1;
      draft.metadata.resourceVersion = String(version);
      const generation = object.metadata.generation;
      if (typeof generation === 'number' && !same(object.spec, draft.spec)) draft.metadata.generation = generation + 1;
      const changes = difference(object, draft);
      keep(draft);
      record(actor, verb, draft, Object.fromEntries(Object.entries(changes).filter(([path]) => !QUIET.has(path))));
      return draft;
    },
    remove: (actor, object) => {
      const table = tableOf(groupOf(object), object.kind);
      if (table.get(keyOf(object))?.metadata.uid !== object.metadata.uid) return;
      version += 1;
      table.delete(keyOf(object));
      orders.delete(table);
      uids.delete(object.metadata.uid);
      record(actor, 'delete', object, { '': { from: object, to: null } });
    },
    version: () => version,
  };
};

/** The labels of an object; empty if it has none. */
export const labelsOf = (object: Obj): Record<string, string> => object.metadata.labels ?? {};
