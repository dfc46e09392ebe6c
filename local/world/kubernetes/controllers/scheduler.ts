import { type Context, isReady, podsOn } from '../context.ts';
import { listAt, type Obj, stampOf } from '../objects.ts';
import { nodeMatches } from '../selectors.ts';
import { tolerates } from './taints.ts';

const ACTOR = 'scheduler';

const fits = (pod: Obj, node: Obj): boolean =>
  isReady(node) &&
  node.metadata.deletionTimestamp === undefined &&
  nodeMatches(pod.spec, node) &&
  listAt(node.spec, 'taints').every(
    (t) => t.effect === 'PreferNoSchedule' || tolerates(listAt(pod.spec, 'tolerations'), t),
  );

/**
 * Binds every waiting pod to the fitting node with the fewest pods. A pod that fits nowhere is marked Unschedulable.
 */
export const schedule = (context: Context): void => {
  const waiting = context.store
    .all(context.kind('Pod'))
    .filter(
      (p) =>
        p.spec?.nodeName === undefined && p.metadata.deletionTimestamp === undefined && p.status?.phase === 'Pending',
    );
  for (const pod of waiting) {
    if (listAt(pod.spec, 'schedulingGates').length > 0) continue;
    const [best] = context.store
      .all(context.kind('Node'))
      .filter((node) => fits(pod, node))
      .map((node) => ({ name: node.metadata.name, load: podsOn(context, node.metadata.name).length }))
      .sort((a, b) => a.load - b.load || (a.name < b.name ? -1 : 1));
    context.store.update(ACTOR, best === undefined ? 'status' : 'bind', pod, (draft) => {
      if (best !== undefined) draft.spec = { ...draft.spec, nodeName: best.name };
      const old = listAt(draft.status, 'conditions').find((c) => c.type === 'PodScheduled');
      const status = best === undefined ? 'False' : 'True';
      if (old?.status === status) return;
      const others = listAt(draft.status, 'conditions').filter((c) => c.type !== 'PodScheduled');
      const reason = best === undefined ? { reason: 'Unschedulable' } : {};
      const condition = { type: 'PodScheduled', status, lastTransitionTime: stampOf(context.now()), ...reason };
      draft.status = { ...draft.status, conditions: [...others, condition] };
    });
  }
};
