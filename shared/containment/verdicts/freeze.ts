import { z } from 'zod';
import { markKey } from '../marks.ts';

/** A node selector that no node matches: a DaemonSet with it runs nowhere. */
const UNMATCHED = markKey('frozen');

export type Freeze = { field: 'replicas' | 'suspend' | 'nodeSelector' };

/** How a controller of this kind is stopped; undefined where we know no way that leaves its quarantined pod alone. */
export const freezeOf = (kind: string): Freeze | undefined => {
  if (['Deployment', 'ReplicaSet', 'ReplicationController'].includes(kind)) return { field: 'replicas' };
  if (['Job', 'CronJob'].includes(kind)) return { field: 'suspend' };
  return kind === 'DaemonSet' ? { field: 'nodeSelector' } : undefined;
};

const spec = z.looseObject({
  replicas: z.number().optional(),
  suspend: z.boolean().optional(),
  template: z
    .looseObject({ spec: z.looseObject({ nodeSelector: z.record(z.string(), z.string()).optional() }) })
    .optional(),
});

/** The present value of the field; null where the object does not have it. */
export const frozenField = (raw: unknown, { field }: Freeze): number | boolean | string | null => {
  const read = spec.parse(raw ?? {});
  if (field === 'replicas') return read.replicas ?? null;
  if (field === 'suspend') return read.suspend ?? null;
  return read.template?.spec.nodeSelector?.[UNMATCHED] ?? null;
};

/** The value that stops the controller. */
export const frozenValue = ({ field }: Freeze): number | boolean | string =>
  field === 'replicas' ? 0 : field === 'suspend' ? true : 'true';

/** The merge patch of `spec` that gives the field this value; null removes it. */
export const freezePatch = ({ field }: Freeze, value: number | boolean | string | null): Record<string, unknown> =>
  field === 'nodeSelector' ? { template: { spec: { nodeSelector: { [UNMATCHED]: value } } } } : { [field]: value };
