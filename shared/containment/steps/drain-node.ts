import { z } from 'zod';
import { Denied, sentenceOf } from '../../errors.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import type { Entry } from '../../model/entry.ts';
import { counted } from '../../text.ts';
import { isRefusal } from '../controllers.ts';
import { cutOf } from '../cut.ts';
import { reasons } from '../entry-states.ts';
import { instanceOf, managedNode, type NodeContext, vmOf } from '../host.ts';
import { readImage } from '../image.ts';
import { isLate } from '../late.ts';
import { goneNode, nodeByUid } from '../node.ts';
import type { Applied, StepOf } from '../step.ts';
import { WouldSend } from '../stopped.ts';
import { drainVerdicts, hasEnded, leftBehind, type Verdict } from '../verdicts/drain.ts';

const ID = 'drain-node';
/** The longest that containment waits for evictions, since a disruption budget may block one for ever. */
const DEADLINE_MS = 120_000;
const POLL_MS = 5_000;
/** The note for a node that was cut before the drain, as it must be where it is within the attacker's reach. */
const UNCONFIRMED = 'the node was cut off before the drain, so evictions could not be confirmed';
const image = z.object({ pods: z.array(z.string()) });

const podsOn = (context: NodeContext): Promise<KubeObject[]> =>
  context.read.list({ apiVersion: 'v1', kind: 'Pod', fields: { 'spec.nodeName': context.subject.host.node } });

/**
 * Whether the node is still the one that was meant, with the same VM: a VM that was made again quickly may register for
 * the same Node, and nothing on it has to move.
 */
const sameNode = async (context: NodeContext): Promise<boolean> => {
  const { host } = context.subject;
  if (vmOf(host) !== undefined && (await instanceOf(context)) === undefined) return false;
  return (await nodeByUid(context, host)) !== undefined;
};

const gone = ({ subject }: NodeContext) => goneNode(subject.host);

/**
 * Pods that have ended come last: whoever may make pods can put thousands on a node that has no room for them. Only
 * for pods that would move is it read whether another incident holds them: this is asked again every few seconds.
 */
const verdictsNow = async (context: NodeContext): Promise<Verdict[]> => {
  const found = await podsOn(context);
  const pods = [...found.filter((pod) => !hasEnded(pod)), ...found.filter(hasEnded)];
  const mine = context.subject.pods.map((pod) => pod.uid);
  const moving = drainVerdicts(pods, new Set(mine)).filter((v) => v.verdict === 'evict');
  const holders = await Promise.all(moving.map(async ({ uid }) => ({ uid, by: await context.holdersOf(uid) })));
  return drainVerdicts(pods, new Set([...mine, ...holders.filter(({ by }) => by.length > 0).map(({ uid }) => uid)]));
};

/** What the drain waited for before the node was cut off: a missing right, a disruption budget, or pods to end. */
const earlier = ({ because }: Entry): string | undefined =>
  because === undefined ? undefined : `before that: ${because}`;

const pods = (verdicts: readonly Verdict[]): string => verdicts.map((v) => `${v.namespace}/${v.name}`).join(', ');

/**
 * Asks for each eviction, and resolves with what blocks some of them. A refusal of one pod (by a webhook, or because
 * its namespace is being deleted) does not keep the others on the node. Throws Denied where nothing but that is
 * answered, as without the right to evict.
 */
const evicted = async (context: NodeContext, moving: readonly Verdict[]): Promise<string[]> => {
  const waiting = moving.filter(({ leaving }) => !leaving);
  const blocked: string[] = [];
  const denied: Denied[] = [];
  let asked = 0;
  for (const { namespace, name, uid } of waiting) {
    // Many evictions take long: since the verdicts, another incident may have come to hold the pod as its evidence.
    if ((await context.holdersOf(uid)).length > 0) continue;
    asked += 1;
    try {
      const eviction = await context.write.evict({ namespace, name, uid });
      if (eviction.outcome === 'blocked') blocked.push(`${namespace}/${name}: ${eviction.because}`);
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      if (thrown instanceof Denied) denied.push(thrown);
      blocked.push(`${namespace}/${name}: ${sentenceOf(thrown)}`);
    }
    // Thousands of pods, or calls without an answer, take long, and the cut of the node may wait for this.
    if (isLate(context)) break;
  }
  if (denied[0] !== undefined && denied.length === asked) throw denied[0];
  return blocked;
};

/**
 * Moves pods that are not evidence off the node, by eviction and within disruption budgets. Names whatever blocks an
 * eviction; at the deadline containment goes on. Pods that came to the node later are judged like the others.
 */
export const drainNode: StepOf<'node'> = {
  id: ID,
  scope: 'node',
  does: 'Evicts every pod that is neither evidence nor a static or DaemonSet pod, within disruption budgets, for at most 120 s.',
  journal: 'host',
  undoable: true,
  permissions: {
    iam: ['container.clusters.get', 'compute.instances.get'],
    rbac: [
      { group: '', resource: 'nodes', verbs: ['get'] },
      { group: '', resource: 'pods', verbs: ['list'] },
      { group: '', resource: 'pods/eviction', verbs: ['create'] },
    ],
  },

  capture: async (context) => {
    const managed = await managedNode(context);
    if (managed !== undefined) return managed;
    if (!(await sameNode(context))) return { outcome: 'gone', because: gone(context) };
    const verdicts = await verdictsNow(context);
    const moving = verdicts.filter((v) => v.verdict === 'evict');
    if (moving.length === 0)
      return { outcome: 'already', because: leftBehind(verdicts) ?? 'no pod on the node had to move' };
    return {
      outcome: 'captured',
      before: { pods: moving.map((v) => `${v.namespace}/${v.name}`) },
      deadlineMs: DEADLINE_MS,
    };
  },

  apply: async (context, before): Promise<Applied> => {
    readImage(image, before, ID);
    if (!(await sameNode(context))) return { outcome: 'gone', because: gone(context) };
    const verdicts = await verdictsNow(context);
    const moving = verdicts.filter((v) => v.verdict === 'evict');
    const left = leftBehind(verdicts);
    if (moving.length === 0) return { outcome: 'applied', ...reasons(left) };
    // A dry run ends at the first eviction: it is to name them all.
    if (context.dry) throw new WouldSend(`evict ${pods(moving)}`);
    const blocked = await evicted(context, moving);
    const unreached = moving.every((v) => v.leaving) ? await cutOf(context, context.subject.host) : undefined;
    if (unreached !== undefined) return { outcome: 'applied', ...reasons(UNCONFIRMED, earlier(context.entry), left) };
    const why = blocked.length === 0 ? `waiting for ${pods(moving)} to end` : `blocked: ${blocked.join('; ')}`;
    if (!isLate(context)) return { outcome: 'pending', wakeMs: POLL_MS, because: why };
    return {
      outcome: 'failed',
      because: [`not drained in ${DEADLINE_MS / 1000} s`, why, left].filter((s) => s !== undefined).join('; '),
    };
  },

  verify: async (context) => {
    const moving = (await verdictsNow(context)).filter((v) => v.verdict === 'evict');
    return moving.length === 0 ? { proof: 'proven' } : { proof: 'not proven', because: `still there: ${pods(moving)}` };
  },

  undo: async ({ entry }, before) => {
    const had = readImage(image, before, ID).pods.length;
    const because =
      entry.proof === 'proven'
        ? counted(
            had,
            'evicted pod was recreated elsewhere by its controller',
            'evicted pods were recreated elsewhere by their controllers',
          )
        : `of ${counted(had, 'pod', 'pods')} that had to move, what was evicted does not come back`;
    return { outcome: 'not-undoable', because };
  },
};
