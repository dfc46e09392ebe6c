import { type Context, isActive } from '../context.ts';
import { fieldsAt, numberAt, stampOf, textsAt } from '../objects.ts';
import { markDeleted } from '../removal.ts';
import { claimPods, makePod, observe } from './pods.ts';

const ACTOR = 'job-controller';

/** Runs the pods of every Job until enough have succeeded. A suspended Job has no running pods. */
export const syncJobs = (context: Context): void => {
  const kind = context.kind('Job');
  for (const found of context.store.all(kind)) {
    if (found.spec?.selector === undefined) {
      // The real API server writes these when the Job is created, with its new UID.
      context.store.update(ACTOR, 'patch', found, (draft) => {
        const labels = {
          'batch.kubernetes.io/controller-uid': draft.metadata.uid,
          'batch.kubernetes.io/job-name': draft.metadata.name,
        };
        const template = fieldsAt(draft.spec, 'template');
        const metadata = fieldsAt(template, 'metadata');
        draft.spec = {
          ...draft.spec,
          selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': draft.metadata.uid } },
          template: { ...template, metadata: { ...metadata, labels: { ...textsAt(metadata, 'labels'), ...labels } } },
        };
      });
    }
    const job = context.store.get(kind, found.metadata.namespace, found.metadata.name) ?? found;
    const pods = claimPods(context, ACTOR, job);
    if (job.metadata.deletionTimestamp !== undefined) continue;
    const succeeded = pods.filter((pod) => pod.status?.phase === 'Succeeded').length;
    const active = pods.filter(isActive);
    const wanted = numberAt(job.spec, 'completions') ?? 1;
    const parallel = Math.min(numberAt(job.spec, 'parallelism') ?? 1, Math.max(0, wanted - succeeded));
    const target = job.spec?.suspend === true ? 0 : parallel;
    for (const pod of active.slice(target)) markDeleted(context, ACTOR, pod);
    for (let i = active.length; i < target; i += 1) makePod(context, ACTOR, job, job.spec?.template);
    const done = succeeded >= wanted;
    const past = Array.isArray(job.status?.conditions) ? job.status.conditions : [];
    observe(context, ACTOR, job, {
      active: Math.min(active.length, target),
      succeeded,
      ...(done && past.length === 0
        ? { conditions: [{ type: 'Complete', status: 'True', lastTransitionTime: stampOf(context.now()) }] }
        : {}),
    });
  }
};
