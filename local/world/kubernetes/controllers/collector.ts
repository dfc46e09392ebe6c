import type { Context } from '../context.ts';
import { type Obj, textAt } from '../objects.ts';
import { holdFinalizer, markDeleted } from '../removal.ts';
import { isReleased, listedFinalizers } from '../write.ts';

const ACTOR = 'garbage-collector';

const dependentsOf = (context: Context, owner: Obj): Obj[] =>
  context.store.everything().filter((o) => o.metadata.ownerReferences?.some((ref) => ref.uid === owner.metadata.uid));

const dropFinalizer = (context: Context, object: Obj, finalizer: string): void => {
  context.store.update(ACTOR, 'patch', object, (draft) => {
    const left = listedFinalizers(draft).filter((f) => f !== finalizer);
    draft.metadata.finalizers = left;
    if (left.length === 0) delete draft.metadata.finalizers;
  });
};

const dropOwner = (context: Context, object: Obj, uid: string): void => {
  context.store.update(ACTOR, 'patch', object, (draft) => {
    draft.metadata.ownerReferences = draft.metadata.ownerReferences?.filter((ref) => ref.uid !== uid);
    if (draft.metadata.ownerReferences?.length === 0) delete draft.metadata.ownerReferences;
  });
};

const finish = (context: Context, object: Obj): void => {
  const finalizers = listedFinalizers(object);
  const dependents = dependentsOf(context, object);
  if (finalizers.includes('orphan')) {
    for (const dependent of dependents) dropOwner(context, dependent, object.metadata.uid);
    dropFinalizer(context, object, 'orphan');
    return;
  }
  if (finalizers.includes('foregroundDeletion')) {
    for (const dependent of dependents) {
      if (dependent.metadata.deletionTimestamp !== undefined) continue;
      if (dependentsOf(context, dependent).length === 0) markDeleted(context, ACTOR, dependent);
      // What owns others is deleted in the foreground too, so that the first owner outlives all of them.
      else holdFinalizer(context, ACTOR, dependent, 'foregroundDeletion');
    }
    if (dependentsOf(context, object).length === 0) dropFinalizer(context, object, 'foregroundDeletion');
    return;
  }
  // A pod marked for deletion waits for its kubelet, a namespace for its contents. Everything else is removed now.
  const waits = object.kind === 'Namespace' || (object.kind === 'Pod' && object.spec?.nodeName !== undefined);
  if (isReleased(object) && !waits) context.store.remove(ACTOR, object);
};

/**
 * Whether all owners of an object are gone. One of a kind that the server does not serve cannot be looked up, so that
 * nobody knows that it is gone: the object stays.
 */
const orphaned = (context: Context, object: Obj): boolean => {
  const owners = object.metadata.ownerReferences ?? [];
  const isGone = (ref: (typeof owners)[number]): boolean =>
    context.store.byUid(ref.uid) === undefined && context.kinds.byName(ref.apiVersion, ref.kind) !== undefined;
  return owners.length > 0 && owners.every(isGone);
};

const emptyNamespaces = (context: Context): void => {
  for (const namespace of context.store.all(context.kind('Namespace'))) {
    if (namespace.metadata.deletionTimestamp === undefined) continue;
    const inside = context.store.everything().filter((o) => o.metadata.namespace === namespace.metadata.name);
    for (const object of inside) {
      if (object.metadata.deletionTimestamp === undefined) markDeleted(context, 'namespace-controller', object);
    }
    if (inside.length === 0) context.store.remove('namespace-controller', namespace);
  }
};

/** Handles ownerReferences, finalizers, deleted namespaces, and pods on nodes that no longer exist. */
export const collectGarbage = (context: Context): void => {
  for (const object of context.store.everything()) {
    if (object.metadata.deletionTimestamp !== undefined) finish(context, object);
    else if (orphaned(context, object)) markDeleted(context, ACTOR, object);
  }
  emptyNamespaces(context);
  for (const pod of context.store.all(context.kind('Pod'))) {
    const node = textAt(pod.spec, 'nodeName');
    if (node !== undefined && context.store.get(context.kind('Node'), undefined, node) === undefined) {
      markDeleted(context, 'pod-garbage-collector', pod, 0);
    }
  }
};
