import { Denied, Malformed, Unadmitted } from '../errors.ts';
import { isBuiltIn } from '../kubernetes/built-in.ts';
import type { ObjectRef } from '../kubernetes/object.ts';
import { controllerRef, isRefusal } from './controllers.ts';
import { mayPass } from './entry-states.ts';
import { isAlone, type Left } from './left-of-workload.ts';
import { deletePodByUid } from './pod.ts';
import type { StepContext, SubjectOf } from './step.ts';

type Context = StepContext<SubjectOf<'workload'>>;

/** Why a controller could not be deleted, and what has become of its pods. */
export const withPods = (why: string): string =>
  `${why.replace(/\.$/, '')}. Its pods are deleted all the same, and it may make them again`;

/** The refusal with what has become of the pods, where it is one that ends up in the record. */
const toldWithPods = (refusal: Error): Error => {
  const Kind = [Denied, Malformed, Unadmitted].find((one) => refusal instanceof one);
  return Kind === undefined ? refusal : new Kind(withPods(refusal.message));
};

/** A deletion of the controller, of what it has left behind, or of a pod. */
type Deletion = () => Promise<unknown>;

/**
 * Tries each deletion, also where others are refused: a policy of the cluster may protect one object, and a controller
 * of a custom kind may be out of reach. Resolves with the first refusal.
 */
const tried = async (deletions: readonly Deletion[]): Promise<Error | undefined> => {
  let first: Error | undefined;
  for (const deletion of deletions) {
    try {
      await deletion();
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      first ??= thrown;
    }
  }
  return first;
};

/**
 * Deletes what is left, and throws a refusal once all of it was tried. Resolves with why a controller of a custom kind
 * could not be deleted, where no other try can be expected to succeed.
 */
export const deleteLeft = async (context: Context, left: Left): Promise<Error | undefined> => {
  const { owner, namespace } = context.subject;
  const { controller } = left;
  const gone = (of: ObjectRef, uid: string) => context.write.delete(of, { uid, propagation: 'Background' });
  const isOpen = controller !== undefined && controller.metadata.deletionTimestamp === undefined;
  const top: Deletion[] = isOpen && owner.kind !== 'Pod' ? [() => gone(controllerRef(context), owner.uid)] : [];
  const behind = left.orphans.filter(isAlone).map(({ apiVersion, kind, metadata }): Deletion => {
    return () => gone({ apiVersion, kind, namespace, name: metadata.name }, metadata.uid);
  });
  const pods = left.pods.map(({ object }): Deletion => {
    return () => deletePodByUid(context, object);
  });
  const refused = (await tried([...top, ...behind])) ?? left.unread;
  const failed = await tried(pods);
  if (failed !== undefined) throw failed;
  if (refused !== undefined && (isBuiltIn(owner) || mayPass(refused))) throw toldWithPods(refused);
  return refused;
};
