import { Malformed } from './errors.ts';
import type { KubeObject } from './kubernetes/object.ts';
import type { ClusterReader, ObjectQuery } from './ports.ts';

/**
 * What `pick` gives of each object of a list, which is read page by page: only that is held.
 *
 * @throws Malformed where the list is so long that its end is not read.
 */
export const picked = async <T>(
  { each }: Pick<ClusterReader, 'each'>,
  query: Omit<ObjectQuery, 'limitBytes'>,
  pick: (object: KubeObject) => readonly T[],
): Promise<T[]> => {
  const found: T[] = [];
  const cut = await each(query, (page) => void found.push(...page.flatMap(pick)));
  if (cut !== undefined) throw new Malformed(cut);
  return found;
};
