import type { RunPorts } from '../../shared/containment/run.ts';
import type { ClusterWriter } from '../../shared/ports.ts';

/** The ports with `before` run before every patch of an object of this kind; what it throws is the answer. */
export const beforePatch = (ports: RunPorts, kind: string, before: () => Promise<void>): RunPorts => ({
  ...ports,
  clusters: {
    ...ports.clusters,
    writer: (cluster) => {
      const writer = ports.clusters.writer(cluster);
      const patch: ClusterWriter['patch'] = async (ref, ...given) => {
        if (ref.kind === kind) await before();
        return writer.patch(ref, ...given);
      };
      return { ...writer, patch };
    },
  },
});
