import { type Entry, isHeldBack, isSettled } from '../model/entry.ts';
import { msOf, type Time, timeOf } from '../model/time.ts';
import type { BoundStep } from './bound-step.ts';
import type { Hold } from './context.ts';
import { DENIED_WAKE_MS } from './entry-states.ts';
import { LEASE_MS } from './ledger.ts';
import { isByHand, isDone, isReliedOn, isUnseen, NEVER_REV } from './order.ts';

/** A run that works on a step looks at it within this time after its `wakeAt`, even if the tick must wake the run. */
const LOOKED_MS = 2 * LEASE_MS;

/**
 * Whether an unsettled entry had ended before: it could not be begun again yet, or its undo was interrupted. Such an
 * entry is begun again instead of continued, since its earlier attempt is over.
 */
export const isBetween = (e: Entry): boolean => !isSettled(e) && e.before !== undefined && e.endedAt !== undefined;

/** An entry with its start and its deadline later by `ms`. */
const laterBy = (e: Entry, ms: number): Entry => ({
  ...e,
  startedAt: timeOf(msOf(e.startedAt) + ms),
  ...(e.deadline === undefined ? {} : { deadline: timeOf(msOf(e.deadline) + ms) }),
});

/** An entry with as much time from now on as it had from its start. */
export const fromNow = (e: Entry, now: number): Entry => laterBy(e, now - msOf(e.startedAt));

/**
 * When another incident last worked on an entry that it has given up, because its policy was lowered or it was closed;
 * undefined while that incident may still work on the entry.
 */
const givenUpAt = ({ wakeAt, startedAt }: Entry, now: number): Time | undefined => {
  const last = wakeAt ?? startedAt;
  return msOf(last) + LOOKED_MS < now ? last : undefined;
};

/**
 * Since when the incident with this copy has held a shared entry; undefined where it has worked on the entry since. A
 * copy that a halt holds, and a held copy that now waits for a busy host, are unsettled and have an end time, which the
 * entry itself lacks.
 */
const heldSince = (mine: Entry, known: Entry): Time | undefined =>
  mine.state === 'held' || (!isSettled(mine) && known.endedAt === undefined) ? mine.endedAt : undefined;

/**
 * Since when nobody has worked on a shared entry; undefined while somebody may. Where this incident has held its copy,
 * another one may have gone on with the entry since, and then it counts when that one has given it up.
 */
const leftSince = (mine: Entry | undefined, known: Entry, now: number): Time | undefined => {
  if (mine?.host === undefined) return givenUpAt(known, now);
  const at = heldSince(mine, known);
  if (at === undefined || known.wakeAt === undefined) return at;
  return msOf(known.wakeAt) > msOf(at) + DENIED_WAKE_MS ? givenUpAt(known, now) : at;
};

/**
 * A shared entry, `held` since it was left, where nobody has worked on it since: neither this incident, whose copy is
 * held, nor, where this incident has no copy, another one. An entry whose undo was interrupted is not continued, but
 * done again with its whole time.
 */
export const leftBy = (mine: Entry | undefined, known: Entry | undefined, now: number): Entry | undefined => {
  if (known === undefined || isSettled(known)) return known;
  const at = leftSince(mine, known, now);
  if (at === undefined || known.startedAt > at) return known;
  return isBetween(known) ? fromNow(known, now) : { ...known, state: 'held', endedAt: at };
};

/** The `held` entry as it was, with as much time left as it had; undefined for one that a budget held back unbegun. */
const goneOn = ({ endedAt, because: _, wakeAt: __, ...known }: Entry, now: number): Entry | undefined =>
  known.before === undefined
    ? undefined
    : laterBy({ ...known, state: 'applying' }, now - msOf(endedAt ?? known.startedAt));

/** Where a step begins: without an entry, at an entry that it continues, or (`again`) at one that it does once more. */
export type Start = { entry: Entry | undefined; again: boolean };

/**
 * Under which goals this incident has worked on an entry. `rev`: revision of the goal under which it settled it;
 * `begunUnder`: of the goal under which it last worked on it, settled or not.
 */
export type Worked = { rev: number; begunUnder: number };

/**
 * Where a step begins, given its known entry. An entry that left no change is begun anew: a dry run that is now in
 * earnest, a refusal under an earlier goal, a change that was taken back, or one that another incident found there. An
 * entry with a before-image keeps it. One that was taken over is marked `anew`, in case its change is no longer in
 * force.
 */
export const startOf = (
  { step }: BoundStep,
  known: Entry | undefined,
  { rev, begunUnder }: Worked,
  hold: Hold,
  now: number,
): Start => {
  if (known === undefined || known.state === 'dry-run' || known.state === 'undone')
    return { entry: undefined, again: false };
  if (known.state === 'skipped' && known.before === undefined && rev === NEVER_REV && isByHand(known))
    return { entry: undefined, again: false };
  // A step that leaves nothing to undo starts from a new look at the world: a disk may have been attached since.
  const onceMore = (e: Entry): Start =>
    e.before === undefined || !step.undoable ? { entry: undefined, again: false } : { entry: e, again: true };
  if (isHeldBack(known)) return onceMore(known);
  if (known.state === 'held')
    return isReliedOn(step.id, hold)
      ? onceMore(fromNow({ ...known, state: 'pending' }, now))
      : { entry: goneOn(known, now), again: false };
  // Its change stands, and looks as if it were somebody else's. The before-image tells what it was like before.
  if (known.givenUp === true) return isByHand(known) ? onceMore(known) : { entry: undefined, again: false };
  if (isBetween(known)) return { entry: known, again: true };
  // What was begun under an earlier goal does not know of a disk that was attached since, also if it is still under
  // way.
  if (!isSettled(known) && isReliedOn(step.id, hold) && begunUnder < hold.goalRev) return onceMore(known);
  if (isUnseen({ ...known, rev })) return onceMore({ ...known, anew: true });
  const isKept = !isSettled(known) || isDone({ ...known, rev }, { ...hold, rev: hold.goalRev });
  return isKept ? { entry: known, again: false } : onceMore(known);
};
