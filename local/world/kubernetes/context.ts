import type { ClusterRef } from '../../../shared/model/target.ts';
import type { WorldLog } from '../log.ts';
import { type Kind, type Kinds, makeKinds } from './kinds.ts';
import type { Fields, Obj } from './objects.ts';
import { makeStore, type Store } from './store.ts';

/** What a played node does with a container image: tests give programs to images. */
export type Program = {
  image: RegExp;
  /** Ends the pod with a phase and a log; `effect` may change the node's runtime. */
  run(pod: Obj, runtime: Map<string, Obj>): { phase: 'Running' | 'Succeeded' | 'Failed'; log?: string };
};

/** What is true of the cluster beyond its objects. */
export type Reality = {
  /** Nodes that the control plane cannot reach: since when (ms), and whether their VM's network or a test did it. */
  cut: Map<string, { at: number; by: 'machine' | 'test' }>;
  /** Log text by `namespace/pod/container`. */
  logs: Map<string, string>;
  /** How long a started pod takes to become Ready, in ms. */
  podStartMs: number;
  /** Images that cannot be pulled. */
  unpullable: RegExp[];
  programs: Program[];
  /** UIDs of pods whose containers outlive their object: the kubelet fails to kill them. */
  stubborn: Set<string>;
  /** What really runs, by node and pod UID: it may outlive the API object. */
  running: Map<string, Map<string, Obj>>;
  /** Static pods by node: made again by the kubelet when their mirror is deleted. */
  statics: Map<string, Obj[]>;
};

/** What verbs and controllers work on. */
export type Context = {
  ref: ClusterRef;
  now(): number;
  random(): string;
  store: Store;
  kinds: Kinds;
  reality: Reality;
  /** A kind by its name; throws where the name is unknown (a mistake in this code). */
  kind(name: string): Kind;
};

/** A cluster without an object, on which nothing is amiss. */
export const makeContext = (deps: { now(): number; random(): string; log: WorldLog; ref: ClusterRef }): Context => {
  const kinds = makeKinds();
  return {
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
};

/** A lower-case suffix as Kubernetes gives generated names; deterministic from the world's chance. */
export const suffixOf = (random: string, length = 5): string => {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  return Array.from({ length }, (_, i) => {
    const byte = Number.parseInt(random.slice(2 * i, 2 * i + 2), 16);
    return alphabet[(Number.isNaN(byte) ? 0 : byte) % alphabet.length];
  }).join('');
};

/** What really runs on a node. */
export const runtimeOf = (context: Context, node: string): Map<string, Obj> => {
  const running = context.reality.running.get(node) ?? new Map<string, Obj>();
  context.reality.running.set(node, running);
  return running;
};

/** The pods of a node, by name. */
export const podsOn = (context: Context, node: string): Obj[] =>
  context.store.all(context.kind('Pod')).filter((pod) => pod.spec?.nodeName === node);

/** Whether a condition of an object holds. */
export const conditionOf = (object: Obj, type: string): Fields | undefined => {
  const conditions = object.status?.conditions;
  if (!Array.isArray(conditions)) return undefined;
  return conditions.find(
    (c: unknown): c is Fields => typeof c === 'object' && c !== null && 'type' in c && c.type === type,
  );
};

/** Whether an object's Ready condition is True. */
export const isReady = (object: Obj): boolean => conditionOf(object, 'Ready')?.status === 'True';

/** Whether a pod counts for its controller: not ended, not on its way out. */
export const isActive = (pod: Obj): boolean =>
  pod.metadata.deletionTimestamp === undefined && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';
