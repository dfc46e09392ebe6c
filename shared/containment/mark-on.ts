import { labelIn } from '../kubernetes/label-selector.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import { annotationOf, labelsOf } from './image.ts';
import type { StepContext } from './step.ts';

/** Bytes that the keys and values of an object's annotations may have together (the API server's own limit). */
const MOST = 256 * 1024;

const sizeOf = (annotations: Readonly<Record<string, string>>): number =>
  Object.entries(annotations).reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);

/** Whether an object has room for these annotations. Whoever may write it can fill them, so that none is accepted. */
export const hasRoomFor = ({ metadata }: KubeObject, more: Readonly<Record<string, string>>): boolean =>
  sizeOf({ ...metadata.annotations, ...more }) <= MOST;

type Metadata = { annotations?: Record<string, string | null>; labels?: Record<string, string | null> };

/** The mark under a key: an annotation, or a label where the annotations had no room. */
export const markOn = (object: KubeObject, key: string): string | undefined =>
  annotationOf(object, key) ?? labelIn(labelsOf(object), key);

/**
 * What a merge patch has in its metadata to leave a mark: as an annotation, or as a label where the annotations have no
 * room. A step that insists leaves a label at once: what room there is may change before each patch.
 */
export const marked = (
  { insists }: Pick<StepContext, 'insists'>,
  object: KubeObject,
  key: string,
  mark: string,
): Metadata => {
  if (!insists && hasRoomFor(object, { [key]: mark })) return { annotations: { [key]: mark } };
  // An annotation of another incident would hide it.
  const other = annotationOf(object, key) === undefined ? {} : { annotations: { [key]: null } };
  return { labels: { [key]: mark }, ...other };
};

/** What a merge patch has in its metadata to put another mark in the place of one. */
export const remarked = (object: KubeObject, key: string, mark: string): Metadata =>
  annotationOf(object, key) === undefined ? { labels: { [key]: mark } } : { annotations: { [key]: mark } };

/** What a merge patch has in its metadata to take a mark away. */
export const unmarked = (object: KubeObject, key: string): Metadata => ({
  annotations: { [key]: null },
  ...(labelIn(labelsOf(object), key) === undefined ? {} : { labels: { [key]: null } }),
});

/**
 * What a capture adds for an object that carries our mark already. Nobody of us has set it: whoever can foresee the id
 * of an incident may have, to be taken for done.
 */
export const markedBefore = (object: KubeObject, key: string, mark: string): { anew?: true } =>
  markOn(object, key) === mark ? { anew: true } : {};
