import { tierOf } from '../model/decision.ts';
import { type Entry, inForce, isHeldBack } from '../model/entry.ts';
import type { StepId } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { type IncidentState, type Notice, noticeAsk } from '../model/notice.ts';
import { earliest, msOf, type Time, timeOf } from '../model/time.ts';

const EVIDENCE_STEPS: readonly string[] = [
  'capture-evidence',
  'start-snapshots',
  'snapshots-ready',
  'attach-forensics',
];

/** Whether an entry is of a containment step: a failed evidence step does not mean that the containment failed. */
export const isContainment = (e: Entry): boolean => !EVIDENCE_STEPS.includes(e.step);

/** Whether the incident's goal has not been carried out yet. */
export const isDue = (i: Pick<Incident, 'goal' | 'run'>): boolean => i.goal !== null && i.goal.rev !== i.run.rev;

/** The state of an incident, from its document alone; computed at every put. */
export const stateOf = (i: Incident): IncidentState => {
  if (i.goal?.tier === 'closed') return 'closed';
  if (i.goal?.tier === 'released' && !isDue(i)) return 'released';
  if (isDue(i)) return 'containing';
  if (i.journal.some((e) => e.state === 'failed' && isContainment(e))) return 'failed';
  if (i.journal.some((e) => isContainment(e) && inForce(e))) return 'contained';
  if (i.decision?.asked !== undefined) return 'asking';
  return 'open';
};

/** The highest notice `seq` + 1 of an outbox; 0 when it is empty. */
export const nextSeq = (i: Pick<Incident, 'outbox'>): number => (i.outbox.at(-1)?.seq ?? -1) + 1;

/** Whether the document names something that has not been published yet. */
const isUnpublished = (i: Incident): boolean =>
  i.published.notices < nextSeq(i) || (isDue(i) && i.goal !== null && i.published.goal < i.goal.rev);

/** The states in which no change with an expiry can be in force. */
const OVER: readonly Entry['state'][] = ['skipped', 'dry-run', 'undone', 'not-undoable'];

/**
 * Entries with an expiry whose change may still be in force, however the step ended: it may have failed after it had
 * opened an access. The before-image is not tested, since the copy of a shared entry has none.
 */
const passing = (i: Incident): Entry[] => i.journal.filter((e) => e.until !== undefined && !OVER.includes(e.state));

/** The entries that have expired: contain undoes their change, whatever the goal. */
export const overdue = (i: Incident, now: Time): Entry[] =>
  passing(i).filter((e) => e.until !== undefined && e.until <= now);

/**
 * Whether contain has nothing to do until a later time: it has walked the plan of this goal, and every open entry waits
 * for its `wakeAt`. The tick wakes it then (`dueAtOf`); a message before that would find nothing to do.
 */
const isAsleep = (i: Incident, now: Time): boolean => {
  if (i.run.walked === undefined || i.run.walked !== i.goal?.rev) return false;
  if (i.lease !== undefined || i.held !== undefined || overdue(i, now).length > 0) return false;
  const wakeAt = earliest(...i.journal.map((e) => e.wakeAt));
  return wakeAt !== undefined && wakeAt > now;
};

/** Whether contain has something to do now: a goal that is not reached, or a change that has expired. */
export const isWanted = (i: Incident, now: Time): boolean =>
  (isDue(i) && !isAsleep(i, now)) || overdue(i, now).length > 0;

/** The first item that a budget holds back under the present goal. What a halt holds was begun before. */
export const heldByBudget = ({ goal, journal }: Pick<Incident, 'goal' | 'journal'>): Entry | undefined =>
  journal.find((e) => isHeldBack(e) && e.rev === goal?.rev);

/** Why an incident is held, in a sentence: by every budget that holds back an item of it, or by a halt. */
export const heldBecause = ({ held, goal, journal }: Pick<Incident, 'held' | 'goal' | 'journal'>): string => {
  const items = held?.budget === true ? journal.filter((e) => isHeldBack(e) && e.rev === goal?.rev) : [];
  const reasons = [...new Set(items.flatMap(({ because }) => because ?? []))];
  return reasons.length === 0 ? (held?.because ?? 'a budget is used up') : reasons.join('; ');
};

/** Whether a budget holds the incident back and nobody has been asked about it yet. */
export const isBudgetUnasked = ({ held, goal, decision, answered, followedBy }: Incident): boolean =>
  held?.budget === true &&
  followedBy === undefined &&
  decision !== null &&
  decision.asked?.lifts !== true &&
  tierOf(goal) !== undefined &&
  answered?.some((a) => a.lifts === true && a.at >= held.at) !== true;

/** How long after the last change or reminder people are told what is still in force, ms. */
export const REMINDER_MS = 24 * 60 * 60_000;

/** Steps that no release undoes: what was deleted, was moved, or left its group does not come back. */
const FINAL: readonly StepId[] = [
  'leave-group',
  'restore-group-size',
  'drain-node',
  'delete-pod',
  'delete-workload',
  'kill-container',
  'delete-host',
];

/** The entries in force that no release can undo. */
export const lasting = ({ journal }: Pick<Incident, 'journal'>): Entry[] =>
  journal.filter((e) => FINAL.includes(e.step) && inForce(e));

/** UIDs of objects that are proven deleted, and of the pods that they owned: nothing is in force on these any more. */
const goneOf = ({ journal, subjects }: Pick<Incident, 'journal' | 'subjects'>): ReadonlySet<string> => {
  const deleted = journal.flatMap(({ step, uid, state, proof }) =>
    step.startsWith('delete-') && state === 'applied' && proof === 'proven' ? [uid] : [],
  );
  const made = subjects.flatMap((s) =>
    s.kind === 'pod' && s.owners.some((o) => deleted.includes(o.uid)) ? [s.uid] : [],
  );
  return new Set([...deleted, ...made]);
};

/**
 * The containment of this incident that a release would undo. None after a release: what is then still in force belongs
 * to the other incidents that hold it.
 */
export const standing = (i: Pick<Incident, 'goal' | 'journal' | 'subjects'>): Entry[] => {
  if (i.goal?.tier === 'released') return [];
  const gone = goneOf(i);
  return i.journal.filter((e) => isContainment(e) && inForce(e) && !FINAL.includes(e.step) && !gone.has(e.uid));
};

/** When to remind people of what is still in force; undefined if nothing is, or if the goal is not reached yet. */
export const remindAt = (i: Incident): Time | undefined => {
  const since = standing(i).map((e) => e.endedAt ?? e.startedAt);
  if (since.length === 0 || isDue(i)) return undefined;
  const last = [...since, ...(i.remindedAt === undefined ? [] : [i.remindedAt])].toSorted().at(-1);
  return last === undefined ? undefined : timeOf(msOf(last) + REMINDER_MS);
};

/** When the open ask of an incident ends: now, where the next episode was opened, since nothing is begun in this one. */
const askEndsAt = ({ decision, followedBy }: Incident, now: Time): Time | undefined =>
  decision?.asked === undefined || followedBy === undefined ? decision?.asked?.until : now;

/**
 * When the tick must look at this incident: the earliest of the lease's end, an entry's `wakeAt`, the end of an ask and
 * the expiry of a change; or `now` while something is unpublished, pods of a named workload or nodes are awaited,
 * people are to be asked about a budget, or a replaced ask is not noted yet. undefined: the tick need not look.
 */
export const dueAtOf = (i: Incident, now: Time): Time | undefined =>
  earliest(
    i.lease?.until,
    isDue(i) && i.lease === undefined ? earliest(...i.journal.map((e) => e.wakeAt)) : undefined,
    i.goal?.tier === 'closed' ? undefined : askEndsAt(i, now),
    i.lease === undefined ? earliest(...passing(i).map((e) => e.until)) : undefined,
    isUnpublished(i) ? now : undefined,
    i.lease === undefined && isBudgetUnasked(i) ? now : undefined,
    (i.podsUntil ?? i.nodesUntil) === undefined ? undefined : now,
    i.decision?.asked?.replaces === undefined ? undefined : now,
  );

type NoticeParts = Pick<Notice, 'kind' | 'title' | 'lines'>;

/** The ask that is open when a notice is written. So the newer of two notices says whether the ask is still open. */
const askOf = ({ decision }: Incident): Pick<Notice, 'ask'> =>
  decision?.asked === undefined ? {} : { ask: noticeAsk.parse(decision.asked) };

/** Published notices that an incident keeps at most, and their bytes of JSON: its plan and journal need the room. */
const PUBLISHED = 200;
const PUBLISHED_BYTES = 64 * 1024;

/** The notices that are not published yet, and the last ones that are, as many as there is room for. */
const keptOf = ({ outbox, published }: Incident): Notice[] => {
  const first = outbox.findIndex((n) => n.seq >= published.notices);
  const told = first < 0 ? outbox : outbox.slice(0, first);
  let left = PUBLISHED_BYTES;
  const from = told.slice(-PUBLISHED).findLastIndex((n) => {
    left -= Buffer.byteLength(JSON.stringify(n));
    return left < 0;
  });
  return [...told.slice(-PUBLISHED).slice(from + 1), ...outbox.slice(told.length)];
};

/** Whether what is done, or would be, changes nothing. A goal tells, because it may be older than the decision. */
const isDryRun = ({ goal, decision }: Incident): boolean =>
  goal === null ? decision?.verdict === 'dry-run' : goal.mode === 'dry-run';

/** The incident with one more notice in its outbox, numbered after the last. */
export const withNotice = (i: Incident, parts: NoticeParts, at: Time): Incident => ({
  ...i,
  outbox: [
    ...keptOf(i),
    {
      v: 1,
      incident: i.id,
      seq: nextSeq(i),
      at,
      severity: i.severity,
      tier: i.decision?.tier ?? null,
      state: stateOf(i),
      ...(isDryRun(i) ? { dryRun: true as const } : {}),
      target: i.target,
      ...askOf(i),
      ...parts,
    },
  ],
});
