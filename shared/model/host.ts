import { z } from 'zod';
import { entry } from './entry.ts';
import { lease, stamp } from './incident.ts';

/**
 * A place that several incidents may share: a node with its VM (id = instance id) or the quarantine policy of a
 * namespace (id = namespace UID). It has one journal, one lease and a list of the incidents that hold it. Its changes
 * are undone when the last of these lets go.
 */
export const host = z.looseObject({
  ...stamp,
  id: z.string(),
  instance: z.string(),
  node: z.string(),
  holders: z.array(z.string()),
  lease: lease.optional(),
  /** The incident that undoes the changes on the place: until that is over, no other may join. */
  undoing: z.string().optional(),
  journal: z.array(entry),
});
export type Host = z.infer<typeof host>;
