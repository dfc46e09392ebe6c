import { z } from 'zod';
import { cutOf, mayStillRunOf } from '../cut.ts';
import { reasons } from '../entry-states.ts';
import { readImage } from '../image.ts';
import { isLate } from '../late.ts';
import { deletePodByUid, GRACE_SECONDS, gonePod, isMirror, podByUid, STATIC_POD, waitsFor } from '../pod.ts';
import type { Applied, StepContext, StepOf, SubjectOf } from '../step.ts';

const ID = 'delete-pod';
const DEADLINE_MS = 60_000;
const POLL_MS = 2_000;
const image = z.object({ controller: z.string().nullable() });
type Context = StepContext<SubjectOf<'pod'>>;

const cut = ({ subject, ...context }: Context): Promise<string | undefined> =>
  subject.pod.host === undefined ? Promise.resolve(undefined) : cutOf(context, subject.pod.host);

/** Deletes the pod by UID, so that its controller makes a clean one. Leaves a static pod, and another of its name. */
export const deletePod: StepOf<'pod'> = {
  id: ID,
  scope: 'pod',
  does: `Deletes the pod by its UID with ${GRACE_SECONDS} s of grace, so that its controller creates a clean one.`,
  journal: 'incident',
  undoable: true,
  permissions: {
    iam: ['compute.instances.get'],
    rbac: [
      { group: '', resource: 'pods', verbs: ['get', 'delete'] },
      { group: '', resource: 'nodes', verbs: ['get'] },
    ],
  },

  capture: async (context) => {
    const pod = await podByUid(context, context.subject.pod);
    if (pod === undefined) return { outcome: 'gone', because: gonePod(context) };
    if (isMirror(pod)) return { outcome: 'refused', because: STATIC_POD };
    const owner = context.subject.pod.owners.at(-1);
    const controller = owner === undefined ? null : `${owner.kind} ${owner.name}`;
    return { outcome: 'captured', before: { controller }, deadlineMs: DEADLINE_MS };
  },

  apply: async (context, before): Promise<Applied> => {
    const { controller } = readImage(image, before, ID);
    const because = controller === null ? 'no controller will recreate it: its spec is in the evidence' : undefined;
    const done: Applied = { outcome: 'applied', ...reasons(because) };
    const pod = await podByUid(context, context.subject.pod);
    if (pod === undefined) return done;
    await deletePodByUid(context, pod);
    const left = await podByUid(context, context.subject.pod);
    if (left === undefined || (await cut(context)) !== undefined) return done;
    const why = `the pod waits for ${waitsFor(left)}`;
    return isLate(context)
      ? { outcome: 'failed', because: `still there after ${DEADLINE_MS / 1000} s: ${why}` }
      : { outcome: 'pending', wakeMs: POLL_MS, because: why };
  },

  verify: async (context) => {
    const { host } = context.subject.pod;
    const doubt = host === undefined ? undefined : await mayStillRunOf(context, host);
    if (doubt !== undefined) return { proof: 'not proven', because: doubt };
    return (await podByUid(context, context.subject.pod)) === undefined
      ? { proof: 'proven' }
      : { proof: 'not proven', because: 'the pod is still there' };
  },

  undo: async (_, before) => {
    const { controller } = readImage(image, before, ID);
    const because =
      controller === null ? 'a deleted pod does not come back' : `${controller} has created another pod in its place`;
    return { outcome: 'not-undoable', because };
  },
};
