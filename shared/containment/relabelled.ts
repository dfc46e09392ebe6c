import { z } from 'zod';
import { Malformed } from '../errors.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import { isRefusedByPolicy } from './admission.ts';
import { labelsOf, sameObject } from './image.ts';
import { marked } from './mark-on.ts';
import { podRef } from './pod.ts';
import type { StepContext, SubjectOf } from './step.ts';
import { labelPatch, type QuarantineChange, quarantineChanges } from './verdicts/quarantine-labels.ts';
import { type Toleration, tolerateForever, toleration } from './verdicts/tolerations.ts';

type Context = StepContext<SubjectOf<'pod'>>;

const tolerations = z.looseObject({ tolerations: z.array(toleration).default([]) });

/** The tolerations of a pod. */
export const tolerationsOf = (pod: KubeObject): Toleration[] => tolerations.parse(pod.spec ?? {}).tolerations;

/** Gives the pod these labels, our mark and the tolerations. */
const relabel = (context: Context, mark: string, pod: KubeObject, { labels, stays }: QuarantineChange) => {
  const { labels: label, ...annotation } = marked(context, pod, mark, context.mark);
  return context.write.patch(podRef(context.subject.pod), {
    type: 'merge',
    body: {
      metadata: {
        ...sameObject(context, pod),
        ...annotation,
        labels: { ...labelPatch(labelsOf(pod), labels), ...label },
      },
      ...(stays ? { spec: { tolerations: tolerateForever(tolerationsOf(pod)) } } : {}),
    },
  });
};

/**
 * Gives a pod these labels, our mark under the key `mark`, and tolerations by which it stays on an unreachable node, as
 * far as the cluster accepts. Resolves with what is missing, and why.
 */
export const relabelled = async (
  context: Context,
  mark: string,
  pod: KubeObject,
  labels: Record<string, string>,
): Promise<string | undefined> => {
  let refusal: Error | undefined;
  for (const change of quarantineChanges(labelsOf(pod), labels)) {
    try {
      await relabel(context, mark, pod, change);
      return refusal === undefined ? undefined : `${change.without}: ${refusal.message}`;
    } catch (thrown) {
      // A pod may be nearly as large as it can be, and others may add a toleration, which nobody may remove, meanwhile.
      if (!(isRefusedByPolicy(thrown) || thrown instanceof Malformed)) throw thrown;
      refusal = thrown;
    }
  }
  throw refusal;
};
