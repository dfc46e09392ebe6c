import { descriptionOf, readCluster } from '../../../shared/adapters/clusters-description.ts';
import type { ObjectRef } from '../../../shared/kubernetes/object.ts';
import type { ClusterRef } from '../../../shared/model/target.ts';
import type { ClusterDescription } from '../../../shared/ports.ts';
import type { WorldLog } from '../log.ts';
import { answerRequest, type Call } from './api.ts';
import { makeContext, type Reality, runtimeOf } from './context.ts';
import { describedCluster } from './described.ts';
import { type Faults, makeFaults } from './faults.ts';
import type { Fields, Obj } from './objects.ts';
import { type AccessTable, makeAccessTable } from './rbac.ts';
import { markDeleted } from './removal.ts';
import type { Address, ApiRequest, ApiResponse } from './requests.ts';
import { makeSettle } from './settle.ts';
import type { Draft } from './store.ts';
import { create } from './write.ts';

export type KubeCluster = {
  ref: ClusterRef;
  /** The container API's description of this cluster; tests and scenarios change it in place. */
  described: Fields;
  /** The same description in the form of the Clusters port. */
  description(): ClusterDescription;
  /** Answers one request of an identity; `undefined` is a caller without a valid token. */
  handle(identity: string | undefined, request: ApiRequest): ApiResponse;
  /** Runs the simulated controllers until nothing changes any more at the present time. */
  settle(): void;
  rbac: AccessTable;
  faults: Faults;
  /** Logs, start times, programs and so on: facts that are not in the objects. */
  reality: Reality;
  calls(): readonly Call[];
  /** Reads without RBAC, for tests and scenarios. */
  get(ref: ObjectRef): Obj | undefined;
  list(apiVersion: string, kind: string, namespace?: string): Obj[];
  /** Creates an object as another actor than Firebreak's identities (a seed, an attacker), then settles. */
  apply(object: Draft & { apiVersion: string; kind: string }, actor?: string): Obj;
  /** Changes an object as another actor than Firebreak's identities, then settles. */
  edit(ref: ObjectRef, change: (draft: Obj) => void, actor?: string): Obj;
  /** Deletes an object as another actor than Firebreak's identities, then settles. */
  drop(ref: ObjectRef, actor?: string): void;
  /** Cuts the node off the network: it becomes Unknown and tainted, and its pods not Ready and unreachable. */
  cutNode(name: string, by?: 'machine' | 'test'): void;
  /** Reconnects the node to the network. Pods that were marked for deletion are now killed. */
  reconnectNode(name: string): void;
  /** UIDs of the pods whose containers really run on a node, whatever the API server shows. */
  running(node: string): string[];
};

/** One simulated cluster: an API server in memory, its access rules, scripted faults, and simulated controllers. */
export const makeKubeCluster = (deps: {
  now(): number;
  random(): string;
  log: WorldLog;
  ref: ClusterRef;
  /** Called before every request and settlement, so that changes outside of the cluster (of its VMs) reach it. */
  around?: (cluster: KubeCluster) => void;
}): KubeCluster => {
  const described = describedCluster(deps.ref);
  const context = makeContext(deps);
  const calls: Call[] = [];
  const settle = makeSettle(context);
  const rbac = makeAccessTable();
  const faults = makeFaults();
  const kindOf = (ref: { apiVersion: string; kind: string }) => {
    const kind = context.kinds.byName(ref.apiVersion, ref.kind);
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
      return answerRequest(context, { rbac, faults, settle, calls }, identity, request);
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
