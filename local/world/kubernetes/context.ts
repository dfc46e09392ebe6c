import type { ClusterRef } from '../../../shared/model/target.ts';
import type { WorldLog } from '../log.ts';
import { type Kind, type Kinds, makeKinds } from './kinds.ts';
import type { Fields, Obj } from './objects.ts';
import { makeStore, type Store } from './store.ts';

/** The behaviour of a container image on a simulated node. Tests assign programs to images. */
type Program = {
  image: RegExp;
  /** Returns the pod's phase and log; may also change `runtime`, the pods that run on the node. */
  run(pod: Obj, runtime: Map<string, Obj>): { phase: 'Running' | 'Succeeded' | 'Failed'; log?: string };
};

/** Facts about the cluster that are not in its objects. */
export type Reality = {
  /**
   * Nodes that the control plane cannot reach: since when (ms), and whether their VM's network or a test cut them off.
   */
  cut: Map<string, { at: number; by: 'machine' | 'test' }>;
  /** Log text by `namespace/pod/container`. */
  logs: Map<string, string>;
  /** How long a started pod takes to become Ready, in ms. */
  podStartMs: number;
  /** Images that cannot be pulled. */
  unpullable: RegExp[];
  programs: Program[];
  /** UIDs of pods whose containers outlive their object, because the kubelet fails to kill them. */
  stubborn: Set<string>;
  /** The pods that really run, by node and pod UID. A pod may run on after its API object is deleted. */
  running: Map<string, Map<string, Obj>>;
  /** Nodes whose object stays while their VM is made again, until the new VM has registered. */
  remade: Set<string>;
  /** Static pods by node. The kubelet recreates the mirror of each if it is deleted. */
  statics: Map<string, Obj[]>;
};

/** The shared state of verbs and controllers. */
export type Context = {
  ref: ClusterRef;
  now(): number;
  random(): string;
  store: Store;
  kinds: Kinds;
  reality: Reality;
  /** A kind by its name; throws for an unknown name, which is a programming error. */
  kind(name: string): Kind;
};

/** A cluster without objects and without faults. */
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
      remade: new Set(),
      statics: new Map(),
    },
    kind: (name) => {
      const found = kinds.all().find((k) => k.kind === name);
      if (found === undefined) throw new Error(`The simulated API server has no kind ${name}.`);
      return found;
    },
  };
};

/** A lower-case suffix in the style of Kubernetes' generated names; determined by `random`. */
export const suffixOf = (random: string, length = 5): string => {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  return Array.from({ length }, (_, i) => {
    const byte = Number.parseInt(random.slice(2 * i, 2 * i + 2), 16);
    return alphabet[(Number.isNaN(byte) ? 0 : byte) % alphabet.length];
  }).join('');
};

/** The pods that really run on a node, by UID. */
export const runtimeOf = (context: Context, node: string): Map<string, Obj> => {
  const running = context.reality.running.get(node) ?? new Map<string, Obj>();
  context.reality.running.set(node, running);
  return running;
};

/** The pods bound to a node. */
export const podsOn = (context: Context, node: string): Obj[] =>
  context.store.all(context.kind('Pod')).filter((pod) => pod.spec?.nodeName === node);

/** The condition of this type of an object; undefined if there is none. */
const conditionOf = (object: Obj, type: string): Fields | undefined => {
  const conditions = object.status?.conditions;
  if (!Array.isArray(conditions)) return undefined;
  return conditions.find(
    (c: unknown): c is Fields => typeof c === 'object' && c !== null && 'type' in c && c.type === type,
  );
};

/** Whether an object's Ready condition is True. */
export const isReady = (object: Obj): boolean => conditionOf(object, 'Ready')?.status === 'True';

/** Whether a pod counts for its controller: it has not ended and is not being deleted. */
export const isActive = (pod: Obj): boolean =>
  pod.metadata.deletionTimestamp === undefined && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';
