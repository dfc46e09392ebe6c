import { z } from 'zod';
import { isBuiltInController } from '../../kubernetes/built-in.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import { controllerByUid, controllerRef, goneController } from '../controllers.ts';
import { handOver } from '../hand-over.ts';
import { labelsOf, readImage, sameObject } from '../image.ts';
import { isLate } from '../late.ts';
import { marked, markedBefore, markOn, unmarked } from '../mark-on.ts';
import { markKey } from '../marks.ts';
import { changedMeanwhile } from '../meanwhile.ts';
import { nothingLeft } from '../nothing-left.ts';
import { podByUid } from '../pod.ts';
import { jobDoubts } from '../running-jobs.ts';
import { SCALERS_RBAC, scalerDoubts } from '../scaled-objects.ts';
import { provenUnless, type StepContext, type StepOf, type SubjectOf } from '../step.ts';
import { type Freeze, freezeOf, freezePatch, frozenField, frozenValue } from '../verdicts/freeze.ts';
import { managerOf, queueOf } from '../verdicts/manager.ts';
import { selectorMatches } from '../verdicts/policy-allows.ts';

const ID = 'freeze-workload';
const MARK = markKey(ID);
/** How long the quarantine may take to take the incident's pods out of the controller. */
const DEADLINE_MS = 60_000;
const POLL_MS = 2_000;
const image = z.object({ value: z.union([z.number(), z.boolean(), z.string(), z.null()]) });
type Context = StepContext<SubjectOf<'workload'>>;

/** How the owner's kind is stopped. A custom kind may have the name of a built-in one, but not its fields. */
const wayOf = ({ subject: { owner } }: Context): Freeze | undefined =>
  isBuiltInController(owner) ? freezeOf(owner.kind) : undefined;

const unknown = (context: Context) =>
  context.subject.owner.kind === 'StatefulSet'
    ? 'scaling the StatefulSet to 0 would delete the quarantined pod and its evidence: request delete-workload once the evidence is kept'
    : `there is no known way to stop a ${context.subject.owner.kind} that its own operator would not undo: stop it by hand`;

/** Why a stopped controller's pods may still be made, in sentences. */
const doubtsOf = async (context: Context, { field }: Freeze): Promise<string[]> =>
  field === 'replicas' ? scalerDoubts(context) : jobDoubts(context);

const selecting = z.looseObject({ selector: z.unknown() });

/**
 * The incident's pods that the controller would delete with all its others when it is stopped, since it selects them
 * still. A CronJob deletes none.
 */
const stillSelected = async (context: Context, { spec }: KubeObject): Promise<string[]> => {
  const { owner, pods } = context.subject;
  if (owner.kind === 'CronJob') return [];
  const { selector } = selecting.parse(spec ?? {});
  const own = owner.kind === 'ReplicationController' ? { matchLabels: selector } : selector;
  const found = await Promise.all(pods.map((pod) => podByUid(context, pod)));
  return found.flatMap((pod) => (pod !== undefined && selectorMatches(own, labelsOf(pod)) ? [pod.metadata.name] : []));
};

const restored = async (
  context: Context,
  controller: KubeObject,
  way: Freeze,
  value: number | boolean | string | null,
): Promise<void> => {
  await context.write.patch(controllerRef(context), {
    type: 'merge',
    body: {
      metadata: { ...sameObject(context, controller), ...unmarked(controller, MARK) },
      spec: freezePatch(way, value),
    },
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
      { group: 'batch', resource: 'jobs', verbs: ['get', 'list', 'patch'] },
      { group: 'batch', resource: 'cronjobs', verbs: ['get', 'patch'] },
      { group: '', resource: 'replicationcontrollers', verbs: ['get', 'patch'] },
      { group: '', resource: 'pods', verbs: ['get'] },
      ...SCALERS_RBAC,
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
    const was = await context.imageOf(ID, markOn(controller, MARK));
    // Another incident has stopped it. A release must start it again.
    if (value === frozenValue(way) && was !== undefined) return { outcome: 'captured', before: was };
    return value === frozenValue(way)
      ? {
          outcome: 'already',
          because: `${context.subject.subject} was already stopped`,
          doubts: () => doubtsOf(context, way),
        }
      : {
          outcome: 'captured',
          before: { value },
          deadlineMs: DEADLINE_MS,
          ...markedBefore(controller, MARK, context.mark),
        };
  },

  apply: async (context, before) => {
    const way = wayOf(context);
    const controller = await controllerByUid(context);
    if (way === undefined || controller === undefined) return { outcome: 'gone', because: goneController(context) };
    const isFrozen = frozenField(controller.spec, way) === frozenValue(way);
    if (markOn(controller, MARK) === context.mark && (isFrozen || context.entry.anew !== true))
      return isFrozen
        ? { outcome: 'applied' }
        : { outcome: 'applied', because: 'someone started it again after us; that is left as it is' };
    // In a dry run nothing has taken them out.
    const kept = context.dry ? [] : await stillSelected(context, controller);
    if (kept.length > 0) {
      const because = `it still selects ${kept.join(', ')}, which it would delete with its evidence`;
      return isLate(context)
        ? { outcome: 'refused', because: `${because}: request delete-workload once the evidence is kept` }
        : { outcome: 'pending', wakeMs: POLL_MS, because };
    }
    const seen = { value: frozenField(controller.spec, way) };
    const newer = await changedMeanwhile(context, markOn(controller, MARK), before, seen, () =>
      freezeWorkload.capture(context),
    );
    if (newer !== undefined) return newer;
    await context.write.patch(controllerRef(context), {
      type: 'merge',
      body: {
        metadata: { ...sameObject(context, controller), ...marked(context, controller, MARK, context.mark) },
        spec: freezePatch(way, frozenValue(way)),
      },
    });
    const managers = [managerOf(controller), queueOf(controller)].filter((one) => one !== undefined);
    return managers.length === 0
      ? { outcome: 'applied' }
      : { outcome: 'applied', because: `${managers.join(' and ')} may start it again: stop it there` };
  },

  verify: async (context) => {
    const way = wayOf(context);
    const controller = await controllerByUid(context);
    if (way === undefined || controller === undefined) return { proof: 'not proven', because: goneController(context) };
    if (frozenField(controller.spec, way) !== frozenValue(way))
      return { proof: 'not proven', because: 'it was started again, by a person or by its manager' };
    const doubts = await doubtsOf(context, way);
    return provenUnless(doubts);
  },

  undo: async (context, before) => {
    const was = readImage(image, before, ID);
    const way = wayOf(context);
    const controller = await controllerByUid(context);
    if (controller === undefined) return nothingLeft(goneController(context));
    if (way === undefined) return { outcome: 'not-undoable', because: unknown(context) };
    const handed = await handOver(context, ID, controllerRef(context), controller, 'it');
    if (handed !== undefined) return handed;
    if (frozenField(controller.spec, way) !== frozenValue(way)) {
      await restored(context, controller, way, frozenField(controller.spec, way));
      return { outcome: 'undone', because: 'someone changed it after us; their value stays' };
    }
    await restored(context, controller, way, was.value);
    return { outcome: 'undone' };
  },
};
