import { type Context, isActive, isReady } from '../context.ts';
import { numberAt, type Obj } from '../objects.ts';
import { markDeleted } from '../removal.ts';
import { claimPods, makePod, observe } from './pods.ts';

const ACTOR = 'statefulset-controller';

const ordinalOf = (pod: Obj): number => Number(/-(\d+)$/.exec(pod.metadata.name)?.[1] ?? -1);

/** Keeps pods NAME-0 to NAME-(n-1). As in the real controller, a name still held by a released pod is not filled. */
export const syncStatefulSets = (context: Context): void => {
  for (const set of context.store.all(context.kind('StatefulSet'))) {
    const pods = claimPods(context, ACTOR, set);
    if (set.metadata.deletionTimestamp !== undefined) continue;
    const wanted = numberAt(set.spec, 'replicas') ?? 1;
    for (const pod of pods) {
      const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
      const surplus = ordinalOf(pod) >= wanted;
      if ((surplus || ended) && pod.metadata.deletionTimestamp === undefined) markDeleted(context, ACTOR, pod);
    }
    for (let i = 0; i < wanted; i += 1) {
      const name = `${set.metadata.name}-${i}`;
      const labels = { 'statefulset.kubernetes.io/pod-name': name, 'apps.kubernetes.io/pod-index': String(i) };
      if (!pods.some((pod) => pod.metadata.name === name)) {
        makePod(context, ACTOR, set, set.spec?.template, { name, labels, spec: { hostname: name } });
      }
    }
    const active = pods.filter(isActive);
    const ready = active.filter(isReady).length;
    observe(context, ACTOR, set, { replicas: active.length, readyReplicas: ready, availableReplicas: ready });
  }
};
