import { z } from 'zod';
import { isBuiltInController } from '../../kubernetes/built-in.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import { controllerByUid, controllerRef, goneController } from '../controllers.ts';
import { handOver } from '../hand-over.ts';
import { annotationOf, readImage, sameObject } from '../image.ts';
import { markKey } from '../marks.ts';
import { nothingLeft } from '../nothing-left.ts';
import type { StepContext, StepOf, SubjectOf } from '../step.ts';
import { type Freeze, freezeOf, freezePatch, frozenField, frozenValue } from '../verdicts/freeze.ts';

const ID = 'freeze-workload';
const MARK = markKey(ID);
const image = z.object({ value: z.union([z.number(), z.boolean(), z.string(), z.null()]) });
type Context = StepContext<SubjectOf<'workload'>>;

/** How the owner's kind is stopped. A custom kind may have the name of a built-in one, but not its fields. */
const wayOf = ({ subject: { owner } }: Context): Freeze | undefined =>
  isBuiltInController(owner) ? freezeOf(owner.kind) : undefined;

const unknown = (context: Context) =>
  context.subject.owner.kind === 'StatefulSet'
    ? 'scaling the StatefulSet to 0 would delete the quarantined pod and its evidence: request delete-workload once the evidence is kept'
    : `there is no known way to stop a ${context.subject.owner.kind} that its own operator would not undo: stop it by hand`;

const job = z.looseObject({
  spec: z.looseObject({ suspend: z.boolean().optional() }),
  status: z
    .looseObject({ conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]) })
    .default({ conditions: [] }),
});

/** The Jobs of a CronJob that are under way: each goes on to make its pods, although the CronJob makes no more Jobs. */
const jobsOf = async ({ subject, read }: Context): Promise<string[]> => {
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

const restored = async (
  context: Context,
  controller: KubeObject,
  way: Freeze,
  value: number | boolean | string | null,
): Promise<void> => {
  await context.write.patch(controllerRef(context), {
    type: 'merge',
    body: { metadata: { ...sameObject(controller), annotations: { [MARK]: null } }, spec: freezePatch(way, value) },
  });
};

/** Stops the controller from making pods: replicas 0, suspended, or a node selector that no node matches. */
export const freezeWorkload: StepOf<'workload'> = {
  id: ID,
  scope: 'workload',
  does: 'Scales the controller to 0, suspends it, or gives its DaemonSet a node selector that no node carries; the old value is kept.',
  journal: 'incident',
  undoable: true,
  permissions: {
    iam: [],
    rbac: [
      { group: 'apps', resource: 'deployments', verbs: ['get', 'patch'] },
      { group: 'apps', resource: 'replicasets', verbs: ['get', 'patch'] },
      { group: 'apps', resource: 'daemonsets', verbs: ['get', 'patch'] },
      { group: 'batch', resource: 'jobs', verbs: ['get', 'patch'] },
      { group: 'batch', resource: 'cronjobs', verbs: ['get', 'patch'] },
      { group: '', resource: 'replicationcontrollers', verbs: ['get', 'patch'] },
    ],
  },

  // Somebody has started it again since, with a value of their own.
  refresh: (_, now) => now,

  capture: async (context) => {
    const way = wayOf(context);
    if (way === undefined) return { outcome: 'refused', because: unknown(context) };
    const controller = await controllerByUid(context);
    if (controller === undefined) return { outcome: 'gone', because: goneController(context) };
    const value = frozenField(controller.spec, way);
    const was = await context.imageOf(ID, annotationOf(controller, MARK));
    // Another incident has stopped it. A release must start it again.
    if (value === frozenValue(way) && was !== undefined) return { outcome: 'captured', before: was };
    return value === frozenValue(way)
      ? { outcome: 'already', because: `${context.subject.subject} was already stopped` }
      : { outcome: 'captured', before: { value } };
  },

  apply: async (context) => {
    const way = wayOf(context);
    const controller = await controllerByUid(context);
    if (way === undefined || controller === undefined) return { outcome: 'gone', because: goneController(context) };
    const isFrozen = frozenField(controller.spec, way) === frozenValue(way);
    if (annotationOf(controller, MARK) === context.mark && (isFrozen || context.entry.anew !== true))
      return isFrozen
        ? { outcome: 'applied' }
        : { outcome: 'applied', because: 'someone started it again after us; that is left as it is' };
    await context.write.patch(controllerRef(context), {
      type: 'merge',
      body: {
        metadata: { ...sameObject(controller), annotations: { [MARK]: context.mark } },
        spec: freezePatch(way, frozenValue(way)),
      },
    });
    return { outcome: 'applied' };
  },

  verify: async (context) => {
    const way = wayOf(context);
    const controller = await controllerByUid(context);
    if (way === undefined || controller === undefined) return { proof: 'not proven', because: goneController(context) };
    if (frozenField(controller.spec, way) !== frozenValue(way))
      return { proof: 'not proven', because: 'it was started again, by a person or by its manager' };
    const jobs = await jobsOf(context);
    return jobs.length === 0
      ? { proof: 'proven' }
      : {
          proof: 'not proven',
          because: `it starts no more Jobs, but Job ${jobs.join(', ')} may still make pods: suspend it by hand`,
        };
  },

  undo: async (context, before) => {
    const was = readImage(image, before, ID);
    const way = wayOf(context);
    const controller = await controllerByUid(context);
    if (controller === undefined) return nothingLeft(goneController(context));
    if (way === undefined) return { outcome: 'not-undoable', because: unknown(context) };
    if (annotationOf(controller, MARK) !== context.mark)
      return { outcome: 'undone', because: 'our mark was no longer on it; it is left as it is' };
    const handed = await handOver(context, ID, controllerRef(context), controller);
    if (handed !== undefined) return handed;
    if (frozenField(controller.spec, way) !== frozenValue(way)) {
      await restored(context, controller, way, frozenField(controller.spec, way));
      return { outcome: 'undone', because: 'someone changed it after us; their value stays' };
    }
    await restored(context, controller, way, was.value);
    return { outcome: 'undone' };
  },
};
