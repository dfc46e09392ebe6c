import { type Context, isActive, isReady } from '../context.ts';
import { numberAt, type Obj, textAt } from '../objects.ts';
import { markDeleted } from '../removal.ts';
import { claimPods, makePod, observe } from './pods.ts';

const ACTOR = 'replicaset-controller';
const PHASES = ['Pending', 'Unknown', 'Running'];

/**
 * Sorts pods in the order in which the real controller deletes them: unassigned, pending, not ready, low deletion cost,
 * many on the same node, newest.
 */
const byDeletion = (pods: Obj[]): Obj[] => {
  const crowd = (pod: Obj): number => pods.filter((p) => p.spec?.nodeName === pod.spec?.nodeName).length;
  const rank = (pod: Obj): number[] => [
    pod.spec?.nodeName === undefined ? 0 : 1,
    PHASES.indexOf(String(pod.status?.phase)),
    isReady(pod) ? 1 : 0,
    Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0),
    -crowd(pod),
    -Date.parse(pod.metadata.creationTimestamp),
    -Number(pod.metadata.resourceVersion),
  ];
  return [...pods].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    const i = left.findIndex((value, at) => value !== right[at]);
    return i < 0 ? 0 : Number(left[i]) - Number(right[i]);
  });
};

/** Keeps the wanted number of matching pods for every ReplicaSet. */
export const syncReplicaSets = (context: Context): void => {
  for (const set of context.store.all(context.kind('ReplicaSet'))) {
    const pods = claimPods(context, ACTOR, set).filter(isActive);
    if (set.metadata.deletionTimestamp !== undefined) continue;
    const wanted = numberAt(set.spec, 'replicas') ?? 1;
    for (const pod of byDeletion(pods).slice(0, Math.max(0, pods.length - wanted))) markDeleted(context, ACTOR, pod);
    for (let i = pods.length; i < wanted; i += 1) makePod(context, ACTOR, set, set.spec?.template);
    const left = context.store
      .all(context.kind('Pod'))
      .filter((p) => p.metadata.ownerReferences?.some((o) => o.uid === set.metadata.uid) && isActive(p));
    const ready = left.filter(isReady).length;
    observe(context, ACTOR, set, { replicas: left.length, readyReplicas: ready, availableReplicas: ready });
  }
};

/** The ReplicaSets that a Deployment controls. */
export const setsOf = (context: Context, deployment: Obj): Obj[] =>
  context.store
    .all(context.kind('ReplicaSet'))
    .filter((set) =>
      set.metadata.ownerReferences?.some((o) => o.uid === deployment.metadata.uid && o.controller === true),
    )
    .filter((set) => textAt(set.metadata, 'namespace') === deployment.metadata.namespace);
