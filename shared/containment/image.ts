import { z } from 'zod';
import { Malformed } from '../errors.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { Before, StepContext } from './step.ts';

/** Reads a stored before-image by its step's own schema. Throws Malformed where it does not fit; never guesses. */
export const readImage = <T>(schema: z.ZodType<T>, before: Before, step: string): T => {
  const read = schema.safeParse(before);
  if (read.success) return read.data;
  throw new Malformed(`the before-image of ${step} cannot be read: ${z.prettifyError(read.error)}`);
};

/**
 * Metadata that makes a merge patch hold only for the object as it was read: its uid and resourceVersion. For a step
 * that insists, the uid alone.
 */
export const sameObject = (
  { insists }: Pick<StepContext, 'insists'>,
  { metadata: { uid, resourceVersion } }: KubeObject,
): { uid: string; resourceVersion?: string } => (insists ? { uid } : { uid, resourceVersion });

/** An annotation of an object, undefined where it has none of that name. */
export const annotationOf = (object: KubeObject, key: string): string | undefined =>
  object.metadata.annotations === undefined ? undefined : object.metadata.annotations[key];

/** The labels of an object; an object without the field has none. */
export const labelsOf = (object: KubeObject): Record<string, string> => object.metadata.labels ?? {};
