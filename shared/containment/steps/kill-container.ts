import { z } from 'zod';
import { Denied, sentenceOf, Transient } from '../../errors.ts';
import { isUid } from '../../kubernetes/names.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import type { HostRef } from '../../model/subject.ts';
import { cutOf, isVmGone, MAY_STILL_RUN, mayStillRunOn } from '../cut.ts';
import { isRefusedLong } from '../entry-states.ts';
import { vmOf } from '../host.ts';
import { readImage } from '../image.ts';
import { killerOf, killerResult, makeKiller, removeKiller } from '../killer.ts';
import { isLate } from '../late.ts';
import { nodeByUid } from '../node.ts';
import { isMirror, podByUid, STATIC_POD } from '../pod.ts';
import type { Applied, Captured, StepContext, StepOf, SubjectOf } from '../step.ts';
import { KNOWN_RUNTIMES, runtimeOf } from '../verdicts/runtimes.ts';

const ID = 'kill-container';
/** The pod may take a while to leave the API, and our own pod runs for up to a minute. */
const DEADLINE_MS = 4 * 60_000;
const POLL_MS = 2_000;
const image = z.object({ node: z.string(), runtime: z.string() });
const result = z.union([z.object({ killed: z.number() }), z.object({ error: z.string() })]);
const nodeStatus = z.looseObject({
  nodeInfo: z.looseObject({ containerRuntimeVersion: z.string().default('') }).optional(),
});
type Context = StepContext<SubjectOf<'pod'>>;

const refused = (because: string): Captured & Applied => ({ outcome: 'refused', because });

const resultOf = ({ entry }: Context) =>
  entry.operation === undefined ? undefined : result.parse(JSON.parse(entry.operation));

/** Why no pod of ours can run on the host; undefined where one can. Where its VM is gone, nothing is left to kill. */
const unreachable = async (context: Context, host: HostRef): Promise<(Captured & Applied) | undefined> => {
  const cut = await cutOf(context, host);
  if (cut === undefined) return undefined;
  return (await isVmGone(context, host))
    ? { outcome: 'gone', because: `${cut}: no process of the pod runs` }
    : refused(`${cut}; ${mayStillRunOn(host)}`);
};

const captured = async (context: Context): Promise<Captured> => {
  const { host, windows } = context.subject.pod;
  if (host === undefined) return { outcome: 'already', because: 'the pod was never scheduled to a node' };
  if (!isUid(context.subject.uid)) return refused('the UID of the pod is not valid, so its processes cannot be found');
  if (windows) return refused(`a Linux container cannot use crictl on a Windows node: ${mayStillRunOn(host)}`);
  if (vmOf(host) === undefined || (await context.describe()).autopilot)
    return refused(`Autopilot does not admit a privileged pod: ${mayStillRunOn(host)}`);
  if (context.settings.killerImage === undefined)
    return refused(`no killer image is set (FIREBREAK_KILLER_IMAGE, by digest): ${mayStillRunOn(host)}`);
  const answer = await unreachable(context, host);
  if (answer !== undefined) return answer;
  const node = await nodeByUid(context, host);
  const version = nodeStatus.parse(node?.status ?? {}).nodeInfo?.containerRuntimeVersion ?? '';
  const runtime = runtimeOf(version);
  if (runtime === undefined)
    return refused(
      `the container runtime of the node is not one of ${KNOWN_RUNTIMES.join(', ')}: ${mayStillRunOn(host)}`,
    );
  return { outcome: 'captured', before: { node: host.node, runtime }, deadlineMs: DEADLINE_MS };
};

const kept = (found: z.infer<typeof result>): Applied => ({
  outcome: 'pending',
  wakeMs: 1,
  because: 'our own pod is being removed',
  operation: JSON.stringify(found),
});

/**
 * The result of our pod. Its log comes from the node: if that was cut meanwhile, the log can never be read. Without the
 * right to read it, the pod is removed all the same, once a right that was granted would have come.
 */
const told = async (context: Context, killer: KubeObject, late: boolean) => {
  try {
    return await killerResult(context, killer);
  } catch (thrown) {
    const { host } = context.subject.pod;
    const cut = host === undefined ? undefined : await cutOf(context, host);
    const isDenied = thrown instanceof Denied && isRefusedLong(context.entry, context.now());
    const isSilent = thrown instanceof Transient && (cut !== undefined || late);
    if (!isDenied && !isSilent) throw thrown;
    return { error: `the result of our own pod cannot be read: ${cut ?? sentenceOf(thrown)}` };
  }
};

const killed = async (context: Context, found: z.infer<typeof result>): Promise<Applied> => {
  await removeKiller(context);
  if ('error' in found) return { outcome: 'failed', because: `${found.error}; ${MAY_STILL_RUN}` };
  return {
    outcome: 'applied',
    because:
      found.killed === 0
        ? 'no container of it was still running'
        : `removed ${found.killed} of its sandboxes or containers`,
  };
};

/**
 * Ends what still runs of a deleted pod on its node, since the API forgets a pod whose kubelet could not kill it. A
 * short-lived pod of our own does it with the node's own tools, by the pod's UID alone, and ends the sandbox too.
 */
export const killContainer: StepOf<'pod'> = {
  id: ID,
  scope: 'pod',
  does: 'Kills the containers that still run on the node for a pod that is gone from the API, its sandbox included, by pod UID, through a short-lived pod of our own.',
  journal: 'incident',
  undoable: false,
  permissions: {
    iam: ['container.clusters.get', 'compute.instances.get'],
    rbac: [
      { group: '', resource: 'pods', verbs: ['get'] },
      { group: '', resource: 'nodes', verbs: ['get'] },
      { group: '', resource: 'pods', verbs: ['create', 'delete'], ownNamespace: true },
      { group: '', resource: 'pods/log', verbs: ['get'], ownNamespace: true },
    ],
  },

  capture: captured,

  apply: async (context, before): Promise<Applied> => {
    const was = readImage(image, before, ID);
    const known = resultOf(context);
    if (known !== undefined) return killed(context, known);
    const late = isLate(context);
    const there = await podByUid(context, context.subject.pod);
    if (there !== undefined) {
      if (isMirror(there)) return refused(STATIC_POD);
      return !late && there.metadata.deletionTimestamp !== undefined
        ? { outcome: 'pending', wakeMs: POLL_MS, because: 'the pod is still in the API' }
        : refused('the pod is still in the API: this step only kills pods that are gone from the API; delete it first');
    }
    const killer = await killerOf(context);
    if (killer === 'stranger') return refused('somebody else created a pod with the name that ours would have');
    const { host } = context.subject.pod;
    if (killer === undefined) {
      const answer = host === undefined ? refused('the pod has no node') : await unreachable(context, host);
      if (answer !== undefined) return answer;
      const { killerImage } = context.settings;
      if (killerImage === undefined) return refused(`the killer image is no longer set: ${MAY_STILL_RUN}`);
      try {
        await makeKiller(context, was.node, was.runtime, killerImage);
      } catch (thrown) {
        // A quota of the namespace, or a server that refuses to answer, may last for ever.
        if (!(thrown instanceof Transient) || !late) throw thrown;
        return {
          outcome: 'failed',
          because: `our own pod could not be created: ${sentenceOf(thrown)}; ${MAY_STILL_RUN}`,
        };
      }
      return { outcome: 'pending', wakeMs: POLL_MS, because: 'our own pod is being started on the node' };
    }
    const found = await told(context, killer, late);
    if (found !== undefined) return kept(found);
    return late
      ? kept({ error: `our own pod did not end in ${DEADLINE_MS / 60_000} minutes` })
      : { outcome: 'pending', wakeMs: POLL_MS, because: 'our own pod runs on the node' };
  },

  verify: async (context) => {
    const found = resultOf(context);
    if (found === undefined || 'error' in found) return { proof: 'not proven', because: MAY_STILL_RUN };
    return (await podByUid(context, context.subject.pod)) === undefined
      ? { proof: 'proven' }
      : { proof: 'not proven', because: 'the pod is in the API' };
  },

  undo: async () => ({ outcome: 'not-undoable', because: 'a killed process does not come back' }),
};
