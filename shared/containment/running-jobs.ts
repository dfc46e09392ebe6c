import { z } from 'zod';
import { isBuiltInController } from '../kubernetes/built-in.ts';
import type { StepContext, SubjectOf } from './step.ts';

const job = z.looseObject({
  spec: z.looseObject({ suspend: z.boolean().optional() }),
  status: z
    .looseObject({ conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]) })
    .default({ conditions: [] }),
});

/** The Jobs of a CronJob that are under way: each goes on to make its pods, although the CronJob makes no more Jobs. */
export const runningJobs = async ({
  subject,
  read,
}: Pick<StepContext<SubjectOf<'workload'>>, 'subject' | 'read'>): Promise<string[]> => {
  if (subject.owner.kind !== 'CronJob') return [];
  const owners = subject.pods.flatMap((pod) => pod.owners).filter((o) => o.kind === 'Job' && isBuiltInController(o));
  const jobs = [...new Map(owners.map((owner) => [owner.uid, owner])).values()];
  const found = await Promise.all(
    jobs.map(({ apiVersion, kind, name }) => read.get({ apiVersion, kind, namespace: subject.namespace, name })),
  );
  return found.flatMap((object, i) => {
    if (object === undefined || object.metadata.uid !== jobs[i]?.uid) return [];
    const { spec, status } = job.parse(object);
    const isOver = status.conditions.some((c) => /^(Complete|Failed)$/.test(c.type) && c.status === 'True');
    return spec.suspend === true || isOver ? [] : [object.metadata.name];
  });
};
