import { z } from 'zod';
import { entry } from './entry.ts';
import { lease, stamp } from './incident.ts';

/**
 * What several incidents may share: a node with its VM (id = instance id) or the quarantine policy of a namespace
 * (id = namespace UID). One journal, one lease, the incidents that hold it; undone when the last lets go.
 */
export const host = z.looseObject({
  ...stamp,
  id: z.string(),
  instance: z.string(),
  node: z.string(),
  holders: z.array(z.string()),
  lease: lease.optional(),
  journal: z.array(entry),
});
export type Host = z.infer<typeof host>;
