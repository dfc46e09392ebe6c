import { admit } from '../admission.ts';
import { type Context, isActive, suffixOf } from '../context.ts';
import { controlledBy, controllerOf, type Fields, fieldsAt, type Obj, textsAt } from '../objects.ts';
import { Refusal } from '../refusal.ts';
import { matchesSelector } from '../selectors.ts';
import { labelsOf } from '../store.ts';

/** The pods that a controller manages, after it has released those that no longer match and adopted those that do. */
export const claimPods = (context: Context, actor: string, owner: Obj): Obj[] => {
  const selector = owner.spec?.selector;
  return context.store
    .all(context.kind('Pod'))
    .filter((pod) => pod.metadata.namespace === owner.metadata.namespace)
    .flatMap((pod) => {
      const controller = controllerOf(pod);
      const matches = matchesSelector(selector, labelsOf(pod));
      if (controller !== undefined) {
        if (controller.uid !== owner.metadata.uid) return [];
        if (matches) return [pod];
        if (owner.metadata.deletionTimestamp !== undefined) return [];
        context.store.update(actor, 'release', pod, (draft) => {
          draft.metadata.ownerReferences = draft.metadata.ownerReferences?.filter((o) => o.uid !== owner.metadata.uid);
          if (draft.metadata.ownerReferences?.length === 0) delete draft.metadata.ownerReferences;
        });
        return [];
      }
      if (!matches || !isActive(pod) || owner.metadata.deletionTimestamp !== undefined) return [];
      return [
        context.store.update(actor, 'adopt', pod, (draft) => {
          draft.metadata.ownerReferences = [...(draft.metadata.ownerReferences ?? []), controlledBy(owner)];
        }),
      ];
    });
};

type PodMaking = { name?: string; labels?: Record<string, string>; spec?: Fields };

/** Creates a pod from a controller's template; false if the API server refuses it (name taken, account missing). */
export const makePod = (
  context: Context,
  actor: string,
  owner: Obj,
  template: unknown,
  making: PodMaking = {},
): boolean => {
  const kind = context.kind('Pod');
  const namespace = String(owner.metadata.namespace);
  const name = making.name ?? `${owner.metadata.name}-${suffixOf(context.random())}`;
  if (context.store.get(kind, namespace, name) !== undefined) return false;
  try {
    const draft = admit(
      context,
      kind,
      { group: '', plural: 'pods', name },
      {
        metadata: {
          name,
          namespace,
          ...(making.name === undefined ? { generateName: `${owner.metadata.name}-` } : {}),
          labels: { ...textsAt(template, 'metadata', 'labels'), ...making.labels },
          annotations: textsAt(template, 'metadata', 'annotations'),
          ownerReferences: [controlledBy(owner)],
        },
        spec: { ...fieldsAt(template, 'spec'), ...making.spec },
      },
    );
    context.store.insert(actor, kind, draft);
    return true;
  } catch (refused) {
    if (refused instanceof Refusal) return false;
    throw refused;
  }
};

/** Writes a controller's observations into the owner's status; writes nothing if nothing changed. */
export const observe = (context: Context, actor: string, owner: Obj, status: Fields): void => {
  context.store.update(actor, 'status', owner, (draft) => {
    draft.status = { ...draft.status, ...status, observedGeneration: draft.metadata.generation };
  });
};
