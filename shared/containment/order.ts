import { needsOf, waitsOf } from '../decision/plan.ts';
import type { RowItem } from '../decision/playbooks.ts';
import type { Goal } from '../model/decision.ts';
import { type Entry, isBegunInEarnest, isHeldBack, isSettled, keyOf, type PlanItem } from '../model/entry.ts';
import { STEP_IDS, type StepId } from '../model/ids.ts';
import { earliest, msOf, type Time, timeOf } from '../model/time.ts';

/** What one item may do now, by the order of the plan. */
export type Turn =
  | { turn: 'go' }
  | { turn: 'done' }
  | { turn: 'refuse'; because: string }
  | { turn: 'wait'; until?: Time };

/** Whether an entry satisfies a `<-` of the playbook: applied, already so, or a dry run in a dry run. */
export const satisfies = (e: Entry, dry: boolean): boolean =>
  e.state === 'applied' || (e.state === 'skipped' && e.proof === 'proven') || (dry && e.state === 'dry-run');

/** Steps that a deletion relies on. Their result may be lost: a snapshot deleted, auto-delete turned on again. */
const RELIED_ON: readonly StepId[] = ['start-snapshots', 'keep-disks', 'snapshots-ready'];

/** Revision of an entry that was taken over from a closed episode, and that this incident has not worked on yet. */
export const TAKEN_OVER_REV = 0;

/**
 * Revision of an entry that this incident has not worked on: lower than that of any goal, and of what was taken over.
 */
export const NEVER_REV = -1;

/** Steps whose change people may take back by hand, for example after a close, as they are told to. */
const BY_HAND: readonly StepId[] = [
  'keep-disks',
  'cordon-node',
  'deny-pod-network',
  'quarantine-pod',
  'freeze-workload',
  'sandbox-workload',
  'deny-node-network',
  'remove-external-ip',
];

/** Whether people may take back the change of an entry by hand: another incident looks at it before it relies on it. */
export const isByHand = ({ step }: Pick<Entry, 'step'>): boolean => BY_HAND.includes(step);

/** Whether an entry was taken over, and nobody has looked since whether its change is still in force. */
export const isUnseen = (e: Entry): boolean => e.rev === TAKEN_OVER_REV && e.state === 'applied' && isByHand(e);

/**
 * `gated`: the goal deletes behind a gate, so the steps that the deletion relies on are done again under each goal.
 * `accessAt`: when an operator last asked for an access to the node.
 */
export type Under = { rev: number; dry: boolean; gated: boolean; accessAt?: Time | undefined };

/** Whether a step must look at the world again under this goal, since a deletion relies on what it keeps. */
export const isReliedOn = (step: StepId, { gated }: Pick<Under, 'gated'>): boolean => gated && RELIED_ON.includes(step);

/** Whether a goal's row has the gate before a deletion (snapshots-ready), and the goal does not skip it. */
export const isGated = (row: readonly RowItem[], { stopFirst }: Pick<Goal, 'stopFirst'>): boolean =>
  stopFirst !== true && row.some(({ step }) => step === 'snapshots-ready');

/** Whether an access was closed because its time was over, and an operator has asked for it again since. */
const isAskedAgain = ({ step, state, until }: Entry, { accessAt }: Pick<Under, 'accessAt'>): boolean =>
  step === 'open-investigation-access' &&
  state === 'undone' &&
  until !== undefined &&
  accessAt !== undefined &&
  accessAt > until;

/** Whether a step was given up before it had looked at the world, or found nothing there to change. */
const isUntried = (e: Entry): boolean => e.state === 'skipped' && e.before === undefined && e.proof === null;

/**
 * Whether an entry needs no more work under this goal. A dry run never counts as done in earnest. An entry that failed,
 * was refused, was held or was not begun under an earlier goal is tried again under a new one, from its before-image.
 * One that was taken over is looked at again. A dry run leaves alone what was begun in earnest.
 */
export const isDone = (e: Entry, { rev, dry, gated, accessAt }: Under): boolean => {
  if (e.state === 'dry-run') return dry;
  // An entry that a dry run left as it was goes on in earnest. One that a budget holds back waits for a person.
  if (e.state === 'held') return (isHeldBack(e) && e.rev >= rev) || (isBegunInEarnest(e) && dry);
  if (!isSettled(e)) return false;
  if (e.rev >= rev || (dry && isBegunInEarnest(e))) return true;
  if (isAskedAgain(e, { accessAt })) return false;
  if (e.state === 'failed' || e.state === 'refused' || isUntried(e)) return false;
  return !isReliedOn(e.step, { gated }) && !isUnseen(e);
};

/** `planned`: the keys of the plan. */
type Given = Under & { row: readonly RowItem[]; now: number; planned: { has(key: string): boolean } };

/** Whether waiting for a key is over: its entry is done, or the key is not in the plan and nobody works on it again. */
const isOver = (key: string, entry: Entry | undefined, given: Given): boolean => {
  if (entry !== undefined && isDone(entry, given)) return true;
  return !given.planned.has(key) && (entry === undefined || isSettled(entry) || entry.state === 'held');
};

const needed = (item: PlanItem, entries: ReadonlyMap<string, Entry>, given: Given): Turn => {
  for (const key of item.after) {
    const entry = entries.get(key);
    if (!isOver(key, entry, given)) return { turn: 'wait' };
    if (entry === undefined)
      return { turn: 'refuse', because: `${key.split(' ', 1)[0]}, which this step needs, is no longer in the plan` };
    if (!satisfies(entry, given.dry))
      return {
        turn: 'refuse',
        because: `${entry.step} on ${entry.subject} did not succeed (${entry.state}${entry.because === undefined ? '' : `: ${entry.because}`})`,
      };
  }
  return { turn: 'go' };
};

/** Whether an entry satisfies an `anyOf`: its change was seen in the world, or it is a dry run in a dry run. */
const proves = (e: Entry, dry: boolean): boolean =>
  satisfies(e, dry) && (e.proof === 'proven' || e.state === 'dry-run');

const enough = (item: PlanItem, entries: ReadonlyMap<string, Entry>, given: Given): Turn => {
  const keys = item.anyOf ?? [];
  const over = keys.filter((key) => isOver(key, entries.get(key), given));
  const settled = over.map((key) => entries.get(key)).filter((e) => e !== undefined);
  if (keys.length === 0 || settled.some((e) => proves(e, given.dry))) return { turn: 'go' };
  if (over.length < keys.length) return { turn: 'wait' };
  const said = settled.map((e) => `${e.step} is ${e.state}${e.because === undefined ? '' : ` (${e.because})`}`);
  return { turn: 'refuse', because: `none of the steps that this step needs is proven: ${said.join('; ')}` };
};

/** Whether a step is under way. Tested by the request id: the copy of a shared entry has no before-image. */
const isBegun = (e: Entry | undefined): boolean => e?.requestId !== undefined && !isSettled(e);

const isEarly = (item: PlanItem, entries: ReadonlyMap<string, Entry>, given: Given): boolean =>
  (item.follows ?? []).some((key) => !isOver(key, entries.get(key), given));

/**
 * The open entries that a soft order counts from: those of a step on the subject of an item. Where that step is yet to
 * begin, and what it needs is open, such as a cordon that was denied at first, those of what it needs.
 */
const openBefore = (step: StepId, item: PlanItem, journal: readonly Entry[], given: Given): Entry[] => {
  const key = keyOf({ ...item, step });
  const own = journal.find((e) => keyOf(e) === key);
  const isAhead = own === undefined || (isSettled(own) && !isDone(own, given));
  const steps = given.planned.has(key) && isAhead ? needsOf(step) : [step];
  return journal.filter((e) => steps.includes(e.step) && e.uid === item.uid && !isSettled(e) && e.state !== 'held');
};

const patience = (item: PlanItem, journal: readonly Entry[], given: Given): Time | undefined => {
  const waits = waitsOf(given.row, item.step);
  const ends = STEP_IDS.flatMap((step) => {
    const seconds = waits[step];
    if (seconds === undefined) return [];
    return openBefore(step, item, journal, given).map((e) => timeOf(msOf(e.startedAt) + seconds * 1000));
  });
  return earliest(...ends.filter((end) => msOf(end) > given.now));
};

/** Whether an item may go now, must wait, is done, or is refused because of an earlier item. */
export const turnOf = (item: PlanItem, journal: readonly Entry[], given: Given): Turn => {
  const entries = new Map(journal.map((e): [string, Entry] => [keyOf(e), e]));
  const entry = entries.get(keyOf(item));
  if (entry !== undefined && isDone(entry, given)) return { turn: 'done' };
  const need = needed(item, entries, given);
  if (need.turn !== 'go') return need;
  if (!isBegun(entry) && isEarly(item, entries, given)) return { turn: 'wait' };
  const any = enough(item, entries, given);
  if (any.turn !== 'go') return any;
  const until = patience(item, journal, given);
  if (until !== undefined) return { turn: 'wait', until };
  const waking = entry?.state === 'pending' ? entry.wakeAt : undefined;
  return waking !== undefined && msOf(waking) > given.now ? { turn: 'wait', until: waking } : { turn: 'go' };
};
