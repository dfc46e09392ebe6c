import { type Context, isReady, podsOn } from '../context.ts';
import { type Fields, listAt, numberAt, type Obj, same, stampOf, textAt } from '../objects.ts';
import { markDeleted } from '../removal.ts';

const ACTOR = 'node-controller';
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

/** Whether one of the tolerations covers a taint. */
export const tolerates = (tolerations: Fields[], taint: Fields): boolean => tolerating(tolerations, taint).length > 0;

const tolerating = (tolerations: Fields[], taint: Fields): Fields[] =>
  tolerations.filter((t) => {
    if (t.effect !== undefined && t.effect !== '' && t.effect !== taint.effect) return false;
    if (t.key !== undefined && t.key !== '' && t.key !== taint.key) return false;
    return t.operator === 'Exists' || (t.key === taint.key && (t.value ?? '') === (taint.value ?? ''));
  });

const setTaint = (draft: Obj, taint: Fields, on: boolean): void => {
  const others = listAt(draft.spec, 'taints').filter((t) => t.key !== taint.key || t.effect !== taint.effect);
  const old = listAt(draft.spec, 'taints').find((t) => t.key === taint.key && t.effect === taint.effect);
  const taints = on ? [...others, old ?? taint] : others;
  const { taints: _taints, ...spec } = draft.spec ?? {};
  draft.spec = taints.length > 0 ? { ...spec, taints } : spec;
};

const sortedTaints = (taints: Fields[]): Fields[] =>
  [...taints].sort((a, b) => (`${a.key}${a.effect}` < `${b.key}${b.effect}` ? -1 : 1));

const readyNow = (context: Context, node: Obj): Fields => {
  const cut = context.reality.cut.get(node.metadata.name)?.at;
  const status = cut === undefined ? 'True' : 'Unknown';
  const old = listAt(node.status, 'conditions').find((c) => c.type === 'Ready');
  if (old?.status === status) return old;
  return {
    type: 'Ready',
    status,
    reason: cut === undefined ? 'KubeletReady' : 'NodeStatusUnknown',
    message: cut === undefined ? 'kubelet is posting ready status' : 'Kubelet stopped posting node status.',
    lastTransitionTime: stampOf(cut ?? context.now()),
  };
};

/**
 * Nodes that are up to date, each with the time of its cut. Objects are never changed in place, so a changed node is
 * not in here.
 */
const rested = new WeakMap<Obj, number | undefined>();

const syncNode = (context: Context, node: Obj): void => {
  const cut = context.reality.cut.get(node.metadata.name)?.at;
  if (rested.has(node) && rested.get(node) === cut) return;
  const told = context.store.update(ACTOR, 'taint', node, (draft) => {
    const before = listAt(draft.spec, 'taints');
    setTaint(draft, { key: UNSCHEDULABLE, effect: 'NoSchedule' }, draft.spec?.unschedulable === true);
    for (const effect of ['NoSchedule', 'NoExecute']) {
      setTaint(draft, { key: UNREACHABLE, effect, timeAdded: stampOf(cut ?? 0) }, cut !== undefined);
    }
    // The order of taints means nothing, so a mere change of order is undone and does not count as a change.
    if (same(sortedTaints(before), sortedTaints(listAt(draft.spec, 'taints'))) && before.length > 0) {
      draft.spec = { ...draft.spec, taints: before };
    }
    const others = listAt(draft.status, 'conditions').filter((c) => c.type !== 'Ready');
    draft.status = { ...draft.status, conditions: [...others, readyNow(context, draft)] };
  });
  if (told === node) rested.set(node, cut);
};

const flee = (context: Context, node: Obj): void => {
  for (const taint of listAt(node.spec, 'taints').filter((t) => t.effect === 'NoExecute')) {
    for (const pod of podsOn(context, node.metadata.name)) {
      if (pod.metadata.deletionTimestamp !== undefined) continue;
      // Of several tolerations for a taint, the first alone counts.
      const [matching] = tolerating(listAt(pod.spec, 'tolerations'), taint);
      const limit = numberAt(matching, 'tolerationSeconds');
      const since = Date.parse(textAt(taint, 'timeAdded') ?? stampOf(context.now()));
      if (matching !== undefined && (limit === undefined || context.now() < since + 1000 * limit)) continue;
      markDeleted(context, 'taint-eviction-controller', pod);
    }
  }
};

const unready = (context: Context, node: Obj): void => {
  for (const pod of podsOn(context, node.metadata.name)) {
    if (!isReady(pod)) continue;
    context.store.update(ACTOR, 'status', pod, (draft) => {
      const conditions = listAt(draft.status, 'conditions').map((c) =>
        c.type === 'Ready' ? { ...c, status: 'False', lastTransitionTime: stampOf(context.now()) } : c,
      );
      draft.status = { ...draft.status, conditions };
    });
  }
};

/**
 * The work of the node controllers: a cordoned node gets a taint; an unreachable one becomes Unknown and gets taints,
 * and its pods become not Ready. Pods whose toleration has run out are marked for deletion; on an unreachable node they
 * stay marked, since no kubelet kills them.
 */
export const syncNodes = (context: Context): void => {
  for (const found of context.store.all(context.kind('Node'))) {
    syncNode(context, found);
    const node = context.store.byUid(found.metadata.uid) ?? found;
    if (context.reality.cut.has(node.metadata.name)) unready(context, node);
    flee(context, node);
  }
};
