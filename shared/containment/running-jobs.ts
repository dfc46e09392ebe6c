import { z } from 'zod';
import { picked } from '../picked.ts';
import { orUnknown } from './or-unknown.ts';
import type { StepContext, SubjectOf } from './step.ts';

const job = z.looseObject({
  spec: z.looseObject({ suspend: z.boolean().optional() }),
  status: z
    .looseObject({ conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]) })
    .default({ conditions: [] }),
});

const isUnderWay = (object: unknown): boolean => {
  const { spec, status } = job.parse(object);
  const isOver = status.conditions.some((c) => /^(Complete|Failed)$/.test(c.type) && c.status === 'True');
  return spec.suspend !== true && !isOver;
};

/**
 * Why pods of a stopped CronJob (of the built-in kind: no other is stopped) may still be made, in sentences: each of its
 * Jobs that is under way goes on to make its pods, also one that has no pod in the incident.
 */
export const jobDoubts = async ({
  subject: { owner, namespace },
  read,
}: Pick<StepContext<SubjectOf<'workload'>>, 'subject' | 'read'>): Promise<string[]> => {
  if (owner.kind !== 'CronJob') return [];
  return orUnknown('Jobs of it still make pods', async () => {
    const names = await picked(read, { apiVersion: 'batch/v1', kind: 'Job', namespace }, (one) => {
      const isOwned = one.metadata.ownerReferences?.some(({ uid }) => uid === owner.uid) === true;
      return isOwned && isUnderWay(one) ? [one.metadata.name] : [];
    });
    return names.length === 0
      ? []
      : [`it starts no more Jobs, but Job ${names.join(', ')} may still make pods: suspend it by hand`];
  });
};
