import { z } from 'zod';
import { sentenceOf } from '../../errors.ts';
import { isBuiltIn, isBuiltInController } from '../../kubernetes/built-in.ts';
import { msOf, type Time, timeOf } from '../../model/time.ts';
import { onControllers } from '../controllers.ts';
import { cutOf, mayStillRunOf } from '../cut.ts';
import { deleteLeft, withPods } from '../delete-left.ts';
import { readImage } from '../image.ts';
import { isLate } from '../late.ts';
import { leftOf, openOf } from '../left-of-workload.ts';
import { adoptedBy } from '../orphans.ts';
import { isMirror, STATIC_POD } from '../pod.ts';
import { type Applied, provenUnless, type StepContext, type StepOf, type SubjectOf } from '../step.ts';
import { managerOf } from '../verdicts/manager.ts';
import { keepWorkload, keptText } from '../workload-copy.ts';

const ID = 'delete-workload';
/** How long the controller and its pods may take to disappear. */
const DEADLINE_MS = 120_000;
/** How long the step watches whether something makes the workload again. */
const WATCH_MS = 120_000;
const POLL_MS = 2_000;
const WATCH_POLL_MS = 10_000;
const image = z.object({ manager: z.string().nullable() });
const progress = z.object({ goneAt: z.string() });
type Context = StepContext<SubjectOf<'workload'>>;

/** Whether the owner is a controller, of a custom kind too, or a bare pod: no other built-in kind makes pods. */
const isWorkload = ({ subject: { owner, pods } }: Context): boolean =>
  !isBuiltIn(owner) || isBuiltInController(owner) || pods.some(({ uid }) => uid === owner.uid);

/** The hosts of the workload's pods for which `whyOf` gives a reason, by id; as it stands, those that do not answer. */
const cutsOf = async (context: Context, whyOf = cutOf): Promise<Map<string, string>> => {
  const hosts = context.subject.pods.flatMap((pod) => (pod.host === undefined ? [] : [pod.host]));
  const unique = [...new Map(hosts.map((host) => [host.id, host])).values()];
  const found = await Promise.all(unique.map(async (host) => [host.id, await whyOf(context, host)] as const));
  return new Map(found.flatMap(([id, why]) => (why === undefined ? [] : [[id, why] as const])));
};

const goneAtOf = ({ entry }: Context): Time | undefined =>
  entry.operation === undefined ? undefined : progress.parse(JSON.parse(entry.operation)).goneAt;

const returnedBy = (manager: string | null): string =>
  manager === null
    ? 'it was recreated within 2 minutes: find what applies it, and remove it there'
    : `it was recreated within 2 minutes, probably by ${manager}: remove it there`;

/** Deletes the top controller and then each pod of the incident, also those that a quarantine took out of it. */
export const deleteWorkload: StepOf<'workload'> = {
  id: ID,
  scope: 'workload',
  does: 'Keeps a copy of the top controller of any kind, deletes it by UID, with the controllers that it has left behind, then every pod of the incident by UID, and watches for 2 minutes whether it is recreated.',
  journal: 'incident',
  undoable: true,
  permissions: {
    iam: ['compute.instances.get', 'storage.objects.create', 'storage.objects.get'],
    rbac: [
      ...onControllers('get', 'delete'),
      { group: '', resource: 'pods', verbs: ['get', 'delete'] },
      { group: '', resource: 'nodes', verbs: ['get'] },
    ],
  },

  capture: async (context) => {
    const { subject } = context.subject;
    if (!isWorkload(context))
      return {
        outcome: 'refused',
        because: `${subject} is not a workload: deleting it would delete more than its pods`,
      };
    const left = await leftOf(context);
    const isUnread = left.unread !== undefined || left.unreadBetween.length > 0;
    if (left.controller === undefined && !isUnread && left.pods.length === 0 && left.orphans.length === 0)
      return { outcome: 'gone', because: `${subject} and its pods are gone, or other objects now have their names` };
    if (left.controller?.kind === 'Pod' && isMirror(left.controller))
      return { outcome: 'refused', because: STATIC_POD };
    const manager = left.controller === undefined ? undefined : managerOf(left.controller);
    return { outcome: 'captured', before: { manager: manager ?? null }, deadlineMs: DEADLINE_MS };
  },

  apply: async (context, before): Promise<Applied> => {
    const { manager } = readImage(image, before, ID);
    const seen = await leftOf(context);
    const copy = keepWorkload(context, seen.controller ?? seen.orphans[0]);
    // An attacker who destroys things gains from each second.
    if (context.incident.goal?.stopFirst !== true) await copy;
    const trouble = await deleteLeft(context, seen);
    await copy;
    const left = await leftOf(context);
    const goneAt = goneAtOf(context);
    const unsure = trouble === undefined ? [] : [`${context.subject.subject}: ${withPods(trouble.message)}`];
    const open = goneAt === undefined ? [...unsure, ...openOf(left, await cutsOf(context))] : [];
    if (open.length > 0) {
      const late = isLate(context);
      return late
        ? { outcome: 'failed', because: `still there after ${DEADLINE_MS / 1000} s: ${open.join('; ')}` }
        : { outcome: 'pending', wakeMs: POLL_MS, because: open.join('; ') };
    }
    if (left.returned) return { outcome: 'applied', because: `${returnedBy(manager)}; ${await keptText(context)}` };
    const since = goneAt ?? timeOf(context.now());
    if (context.now() >= msOf(since) + WATCH_MS)
      return {
        outcome: 'applied',
        because: [
          ...(manager === null ? [] : [`${manager} may recreate it: remove it there`]),
          await keptText(context),
        ].join('; '),
      };
    return {
      outcome: 'pending',
      wakeMs: WATCH_POLL_MS,
      because: 'deleted; watching whether it is recreated',
      operation: JSON.stringify({ goneAt: since }),
    };
  },

  verify: async (context, before) => {
    const { manager } = readImage(image, before, ID);
    const left = await leftOf(context);
    const cuts = await cutsOf(context);
    const doubts = [
      ...(left.controller === undefined ? [] : [`${context.subject.subject} is still there`]),
      ...[left.unread, ...left.unreadBetween].flatMap((unread) =>
        unread === undefined ? [] : [`it may make its pods again: ${sentenceOf(unread)}`],
      ),
      ...left.orphans.map((orphan) => adoptedBy(orphan) ?? `${orphan.kind} ${orphan.metadata.name} is still there`),
      ...left.pods
        .filter(({ pod }) => !cuts.has(pod.host?.id ?? ''))
        .map(({ pod }) => `pod ${pod.name} is still there`),
      ...(left.returned ? [returnedBy(manager)] : []),
      ...(await cutsOf(context, mayStillRunOf)).values(),
    ];
    return provenUnless(doubts);
  },

  undo: async (context) => ({
    outcome: 'not-undoable',
    because: `${context.subject.subject} is deleted: make it again from its source when it is clean; ${await keptText(context)}`,
  }),
};
