import { z } from 'zod';
import type { KubeObject } from '../../kubernetes/object.ts';
import { controllerByUid, controllerRef, goneController } from '../controllers.ts';
import { handOver } from '../hand-over.ts';
import { readImage, sameObject } from '../image.ts';
import { marked, markedBefore, markOn, unmarked } from '../mark-on.ts';
import { markKey } from '../marks.ts';
import { changedMeanwhile } from '../meanwhile.ts';
import { nothingLeft } from '../nothing-left.ts';
import type { StepContext, StepOf, SubjectOf } from '../step.ts';
import { runtimeClassAt, runtimeClassPatch, SANDBOX, sandboxPlace } from '../verdicts/sandbox.ts';

const ID = 'sandbox-workload';
const MARK = markKey(ID);
const image = z.object({ runtimeClass: z.string().nullable() });
type Context = StepContext<SubjectOf<'workload'>>;

/** Why pods of this workload could never start in a sandbox; undefined where they could. */
const unfit = async (context: Context): Promise<string | undefined> => {
  const { owner, pods } = context.subject;
  if (sandboxPlace(owner.kind) === undefined)
    return `the pod template of a ${owner.kind} cannot be changed: recreate it with runtimeClassName ${SANDBOX}`;
  if (pods.some((pod) => pod.windows)) return 'GKE Sandbox does not run Windows containers';
  const bare = pods.filter((pod) => pod.hostNetwork || pod.hostReach).map((pod) => pod.name);
  if (bare.length > 0)
    return `${bare.join(', ')} are privileged or use the host, which a sandbox does not allow: their pods would never start`;
  return (await context.describe()).sandboxPool
    ? undefined
    : 'no node pool of the cluster has GKE Sandbox, so its pods would stay Pending: add a node pool with it first';
};

const patched = (context: Context, controller: KubeObject, mark: string | null, value: string | null) =>
  context.write.patch(controllerRef(context), {
    type: 'merge',
    body: {
      metadata: {
        ...sameObject(context, controller),
        ...(mark === null ? unmarked(controller, MARK) : marked(context, controller, MARK, mark)),
      },
      spec: runtimeClassPatch(sandboxPlace(context.subject.owner.kind) ?? [], value),
    },
  });

const classOf = (context: Context, controller: KubeObject): string | null =>
  runtimeClassAt(controller.spec, sandboxPlace(context.subject.owner.kind) ?? []);

/** Lets the controller make its pods in GKE Sandbox from now on; pods that run already stay as they are. */
export const sandboxWorkload: StepOf<'workload'> = {
  id: ID,
  scope: 'workload',
  does: 'Sets runtimeClassName gvisor on the template of the top controller, so that its new pods run in GKE Sandbox.',
  journal: 'incident',
  undoable: true,
  permissions: {
    iam: ['container.clusters.get'],
    rbac: [
      { group: 'apps', resource: 'deployments', verbs: ['get', 'patch'] },
      { group: 'apps', resource: 'replicasets', verbs: ['get', 'patch'] },
      { group: 'apps', resource: 'statefulsets', verbs: ['get', 'patch'] },
      { group: 'apps', resource: 'daemonsets', verbs: ['get', 'patch'] },
      { group: 'batch', resource: 'cronjobs', verbs: ['get', 'patch'] },
      { group: '', resource: 'replicationcontrollers', verbs: ['get', 'patch'] },
    ],
  },

  // Somebody has changed the class since.
  refresh: (_, now) => now,

  capture: async (context) => {
    const refused = await unfit(context);
    if (refused !== undefined) return { outcome: 'refused', because: refused };
    const controller = await controllerByUid(context);
    if (controller === undefined) return { outcome: 'gone', because: goneController(context) };
    const runtimeClass = classOf(context, controller);
    const was = await context.imageOf(ID, markOn(controller, MARK));
    // Another incident has put it there. A release must take it out again.
    if (runtimeClass === SANDBOX && was !== undefined) return { outcome: 'captured', before: was };
    return runtimeClass === SANDBOX
      ? { outcome: 'already', because: `${context.subject.subject} already requests ${SANDBOX}` }
      : { outcome: 'captured', before: { runtimeClass }, ...markedBefore(controller, MARK, context.mark) };
  },

  apply: async (context, before) => {
    const controller = await controllerByUid(context);
    if (controller === undefined) return { outcome: 'gone', because: goneController(context) };
    const isSandboxed = classOf(context, controller) === SANDBOX;
    if (markOn(controller, MARK) === context.mark && (isSandboxed || context.entry.anew !== true))
      return isSandboxed
        ? { outcome: 'applied' }
        : { outcome: 'applied', because: 'someone changed the runtime class after us; that is left as it is' };
    const seen = { runtimeClass: classOf(context, controller) };
    const newer = await changedMeanwhile(context, markOn(controller, MARK), before, seen, () =>
      sandboxWorkload.capture(context),
    );
    if (newer !== undefined) return newer;
    await patched(context, controller, context.mark, SANDBOX);
    return { outcome: 'applied', because: 'pods that are already running are not in the sandbox' };
  },

  verify: async (context) => {
    const controller = await controllerByUid(context);
    if (controller === undefined) return { proof: 'not proven', because: goneController(context) };
    return classOf(context, controller) === SANDBOX
      ? { proof: 'proven' }
      : { proof: 'not proven', because: `the template no longer requests ${SANDBOX}` };
  },

  undo: async (context, before) => {
    const was = readImage(image, before, ID);
    const controller = await controllerByUid(context);
    if (controller === undefined) return nothingLeft(goneController(context));
    const handed = await handOver(context, ID, controllerRef(context), controller, 'it');
    if (handed !== undefined) return handed;
    const now = classOf(context, controller);
    await patched(context, controller, null, now === SANDBOX ? was.runtimeClass : now);
    return now === SANDBOX
      ? { outcome: 'undone' }
      : { outcome: 'undone', because: 'someone changed it after us; their value stays' };
  },
};
