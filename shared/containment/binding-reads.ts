import type { KubeObject } from '../kubernetes/object.ts';
import type { Clock, WritableClusters } from '../ports.ts';
import { keptReads } from './kept-reads.ts';

const SHARED: readonly string[] = ['RoleBinding', 'ClusterRoleBinding'];

/**
 * The clusters of one run, which list bindings once where the evidence of several pods asks for them within a second:
 * there may be thousands, and no step changes them.
 */
export const sharedBindings = (clusters: WritableClusters, clock: Pick<Clock, 'now'>): WritableClusters => {
  const lists = keptReads<KubeObject[]>(clock);
  return {
    ...clusters,
    reader: (ref) => {
      const reader = clusters.reader(ref);
      return {
        ...reader,
        list: (query) =>
          SHARED.includes(query.kind)
            ? lists.ask(JSON.stringify([ref, query]), () => reader.list(query))
            : reader.list(query),
      };
    },
  };
};
