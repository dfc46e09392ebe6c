import { hash } from 'node:crypto';
import { z } from 'zod';
import { kubectlFor } from '../../kubernetes/kube-context.ts';
import { records } from '../../kubernetes/loose.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import { clusterOf } from '../../model/target.ts';
import { cutOf } from '../cut.ts';
import { readImage, sameObject } from '../image.ts';
import { isLate } from '../late.ts';
import { nothingLeft } from '../nothing-left.ts';
import { gonePod, isMirror, podByUid, podRef } from '../pod.ts';
import type { Applied, StepContext, StepOf, SubjectOf } from '../step.ts';

const ID = 'attach-forensics';
const DEADLINE_MS = 60_000;
const POLL_MS = 2_000;
const image = z.object({ name: z.string(), target: z.string() });
const podSpec = z.looseObject({ containers: z.array(z.looseObject({ name: z.string() })).min(1) });
const podStatus = z.looseObject({
  phase: z.string().optional(),
  ephemeralContainerStatuses: z
    .array(
      z.looseObject({
        name: z.string(),
        state: z
          .looseObject({
            running: z.unknown().optional(),
            waiting: z.looseObject({ reason: z.string().optional() }).optional(),
            terminated: z.looseObject({ exitCode: z.number().optional() }).optional(),
          })
          .optional(),
      }),
    )
    .default([]),
});
type Context = StepContext<SubjectOf<'pod'>>;

/** The container's name, which is also its mark: an ephemeral container cannot be changed or removed. */
const nameOf = (incident: string): string => `firebreak-${hash('sha256', incident).slice(0, 10)}`;

/** Why no container can be added to this pod; undefined where one can. */
const unfit = async (context: Context, pod: KubeObject): Promise<string | undefined> => {
  const { host, windows } = context.subject.pod;
  if (context.settings.forensicsImage === undefined)
    return 'no forensics image is set: name one by digest as forensics.image in the policy, or as FIREBREAK_FORENSICS_IMAGE';
  if (windows) return 'a Linux container cannot start in a Windows pod';
  if (isMirror(pod)) return 'a static pod does not accept an ephemeral container';
  const { phase } = podStatus.parse(pod.status ?? {});
  if (phase !== 'Running')
    return `the pod is ${phase ?? 'not running'}: a container can only be added to a running pod`;
  const cut = host === undefined ? undefined : await cutOf(context, host);
  return cut === undefined ? undefined : `${cut}: a container can no longer be added`;
};

const stateIn = (pod: KubeObject, name: string) =>
  podStatus.parse(pod.status ?? {}).ephemeralContainerStatuses.find((c) => c.name === name)?.state;

const isThere = (pod: KubeObject, name: string): boolean =>
  records(pod.spec?.ephemeralContainers).some((container) => container.name === name);

/** The command that attaches to the container, in the cluster of the incident, whichever is kubectl's current one. */
const commandOf = ({ incident, subject }: Context, container: string): string => {
  const { namespace, name } = subject.pod;
  return `${kubectlFor(clusterOf(incident.target))} -n ${namespace} attach -it ${name} -c ${container}`;
};

const add = async (context: Context, pod: KubeObject, was: z.infer<typeof image>): Promise<void> => {
  await context.write.patch(
    podRef(context.subject.pod),
    {
      type: 'strategic',
      body: {
        metadata: sameObject(context, pod),
        spec: {
          ephemeralContainers: [
            {
              name: was.name,
              image: context.settings.forensicsImage,
              targetContainerName: was.target,
              stdin: true,
              tty: true,
            },
          ],
        },
      },
    },
    'ephemeralcontainers',
  );
};

/** Adds a container with tools to the pod, so that a person can look around in it. The node must still answer. */
export const attachForensics: StepOf<'pod'> = {
  id: ID,
  scope: 'pod',
  does: 'Adds an ephemeral container with the configured image to the pod, and gives up if it does not run within 60 s.',
  journal: 'incident',
  undoable: true,
  permissions: {
    iam: ['compute.instances.get'],
    rbac: [
      { group: '', resource: 'pods', verbs: ['get'] },
      { group: '', resource: 'pods/ephemeralcontainers', verbs: ['patch'] },
      { group: '', resource: 'nodes', verbs: ['get'] },
    ],
  },

  capture: async (context) => {
    const pod = await podByUid(context, context.subject.pod);
    if (pod === undefined) return { outcome: 'gone', because: gonePod(context) };
    const refused = await unfit(context, pod);
    if (refused !== undefined) return { outcome: 'refused', because: refused };
    const name = nameOf(context.incident.id);
    // We have added none yet. Who can guess the name may have put a trap there for whoever attaches to it.
    if (isThere(pod, name))
      return { outcome: 'refused', because: `somebody else has added a container named ${name}: do not attach to it` };
    const target = podSpec.parse(pod.spec).containers[0]?.name ?? '';
    return { outcome: 'captured', before: { name, target }, deadlineMs: DEADLINE_MS };
  },

  apply: async (context, before): Promise<Applied> => {
    const was = readImage(image, before, ID);
    const pod = await podByUid(context, context.subject.pod);
    if (pod === undefined) return { outcome: 'gone', because: gonePod(context) };
    if (!isThere(pod, was.name)) {
      if (context.settings.forensicsImage === undefined)
        return { outcome: 'refused', because: 'no forensics image is set' };
      await add(context, pod, was);
      return { outcome: 'pending', wakeMs: POLL_MS, because: `container ${was.name} is being started` };
    }
    const state = stateIn(pod, was.name);
    if (state?.running !== undefined) return { outcome: 'applied', because: commandOf(context, was.name) };
    if (state?.terminated !== undefined)
      return {
        outcome: 'failed',
        because: `container ${was.name} ended with ${state.terminated.exitCode ?? 'no code'}`,
      };
    const why = `container ${was.name} does not run: ${state?.waiting?.reason ?? 'its kubelet has not started it'}`;
    return isLate(context)
      ? { outcome: 'failed', because: `given up after ${DEADLINE_MS / 1000} s: ${why}` }
      : { outcome: 'pending', wakeMs: POLL_MS, because: why };
  },

  verify: async (context, before) => {
    const { name } = readImage(image, before, ID);
    const pod = await podByUid(context, context.subject.pod);
    if (pod === undefined) return { proof: 'not proven', because: gonePod(context) };
    return stateIn(pod, name)?.running === undefined
      ? { proof: 'not proven', because: `container ${name} does not run` }
      : { proof: 'proven' };
  },

  undo: async (context, before) => {
    const { name } = readImage(image, before, ID);
    return (await podByUid(context, context.subject.pod)) === undefined
      ? nothingLeft(gonePod(context))
      : {
          outcome: 'not-undoable',
          because: `container ${name} stays as long as the pod: the API cannot remove an ephemeral container`,
        };
  },
};
