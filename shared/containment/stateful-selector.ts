import { z } from 'zod';
import { isBuiltInController } from '../kubernetes/built-in.ts';
import { labelSelector } from '../kubernetes/label-selector.ts';
import { isRefusal } from './controllers.ts';
import type { StepContext, SubjectOf } from './step.ts';

const selecting = z.looseObject({ selector: labelSelector });

/**
 * The labels by which a StatefulSet selects its pods; empty for any other owner, and where the owner is gone. Custom
 * kinds of this name exist too, and whoever makes a pod may name one that nobody can read: the pod is still quarantined
 * at once.
 */
export const statefulSelector = async (context: StepContext<SubjectOf<'pod'>>): Promise<Record<string, string>> => {
  const [owner] = context.subject.pod.owners;
  if (owner?.kind !== 'StatefulSet') return {};
  const { apiVersion, kind, name, uid } = owner;
  const { namespace } = context.subject.pod;
  const set = await context.read.get({ apiVersion, kind, namespace, name }).catch((thrown: unknown) => {
    if (isRefusal(thrown) && !isBuiltInController(owner)) return undefined;
    throw thrown;
  });
  const read = set?.metadata.uid === uid ? selecting.safeParse(set.spec).data : undefined;
  const named = (read?.selector.matchExpressions ?? []).map(({ key }) => [key, '']);
  return { ...Object.fromEntries(named), ...read?.selector.matchLabels };
};
