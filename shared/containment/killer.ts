import { hash } from 'node:crypto';
import type { KubeObject, ObjectRef } from '../kubernetes/object.ts';
import { annotationOf } from './image.ts';
import { MANAGED_BY, markKey } from './marks.ts';
import type { StepContext, SubjectOf } from './step.ts';
import { killCommand, killedOf } from './verdicts/runtimes.ts';

type Context = StepContext<SubjectOf<'pod'>>;

const MARK = markKey('kill-container');
const CONTAINER = 'kill';
/** After this time the pod is ended, even if it hangs. */
const ACTIVE_SECONDS = 60;

/** The name of our pod that kills what still runs of another pod: always the same for the same pod. */
export const killerName = (uid: string): string => `kill-${hash('sha256', uid).slice(0, 16)}`;

const ref = (context: Context): ObjectRef => ({
  apiVersion: 'v1',
  kind: 'Pod',
  namespace: context.settings.namespace,
  name: killerName(context.subject.uid),
});

/** Our own pod; undefined where it is not there; `stranger`: a pod of somebody else has its name. */
export const killerOf = async (context: Context): Promise<KubeObject | 'stranger' | undefined> => {
  const pod = await context.read.get(ref(context));
  return pod === undefined || annotationOf(pod, MARK) === context.mark ? pod : 'stranger';
};

/**
 * Makes a pod on the node that may use the node's own tools. It bypasses the scheduler and every taint, holds no
 * credential of the cluster, and ends by itself.
 */
export const makeKiller = async (context: Context, node: string, runtime: string, image: string): Promise<void> => {
  const { namespace = '', name } = ref(context);
  await context.write.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: MANAGED_BY, annotations: { [MARK]: context.mark } },
    spec: {
      nodeName: node,
      restartPolicy: 'Never',
      activeDeadlineSeconds: ACTIVE_SECONDS,
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      tolerations: [{ operator: 'Exists' }],
      containers: [
        {
          name: CONTAINER,
          image,
          command: killCommand(runtime) ?? [],
          env: [{ name: 'POD_UID', value: context.subject.uid }],
          securityContext: { privileged: true, runAsUser: 0, readOnlyRootFilesystem: true },
          volumeMounts: [{ name: 'host', mountPath: '/host', mountPropagation: 'HostToContainer' }],
        },
      ],
      volumes: [{ name: 'host', hostPath: { path: '/', type: 'Directory' } }],
    },
  });
};

/** The pod's result: how many sandboxes or containers it killed, or why it failed; undefined while it runs. */
export const killerResult = async (
  context: Context,
  killer: KubeObject,
): Promise<{ killed: number } | { error: string } | undefined> => {
  const phase = killer.status?.phase;
  if (phase !== 'Succeeded' && phase !== 'Failed') return undefined;
  const { namespace = '', name } = ref(context);
  const log = await context.read.log({ namespace, name, container: CONTAINER, limitBytes: 4096 });
  const killed = killedOf(log ?? '');
  if (phase === 'Succeeded' && killed !== undefined) return { killed };
  return { error: `the killer pod ended ${phase} without confirming that no process is left` };
};

/** Removes our own pod, if it is there. */
export const removeKiller = async (context: Context): Promise<void> => {
  const killer = await killerOf(context);
  if (killer === undefined || killer === 'stranger') return;
  await context.write.delete(ref(context), { uid: killer.metadata.uid, graceSeconds: 0 });
};
