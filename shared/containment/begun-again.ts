import { Denied, Malformed, sentenceOf } from '../errors.ts';
import { type Entry, isSettled } from '../model/entry.ts';
import { msOf, type Time, timeOf } from '../model/time.ts';
import { LEASE_MS } from './ledger.ts';
import { isRunning } from './operations.ts';
import type { BoundStep } from './step.ts';
import { denied, restarted, settled, type WorkContext } from './work.ts';

const RUNNING_WAKE_MS = 2_000;
/** Whoever works on a step looks at it again within this time after its `wakeAt`, also where the tick must wake the run. */
const LOOKED_MS = 2 * LEASE_MS;

/**
 * Whether an entry that is not settled had come to an end before: it could not be begun again yet, or was being taken back when
 * that was ended. It is begun again, not gone on with: what it has sent so far is over.
 */
export const isBetween = (e: Entry): boolean => !isSettled(e) && e.before !== undefined && e.endedAt !== undefined;

/** An entry with as much time from now on as it had from its start. */
export const fromNow = (e: Entry, now: number): Entry => ({
  ...e,
  startedAt: timeOf(now),
  ...(e.deadline === undefined ? {} : { deadline: timeOf(now + msOf(e.deadline) - msOf(e.startedAt)) }),
});

/** Until when another incident has worked on an entry that it has given up: its policy was lowered, or it was closed. */
const givenUpAt = ({ wakeAt, startedAt }: Entry, now: number): Time | undefined => {
  const last = wakeAt ?? startedAt;
  return msOf(last) + LOOKED_MS < now ? last : undefined;
};

/**
 * Since when a shared entry has been held by the incident with this copy; undefined where it has worked on it since. A copy that
 * a halt holds, and a held one that waits for a busy host by now, are open with the end that the entry itself has not.
 */
const heldSince = (mine: Entry, known: Entry): Time | undefined =>
  mine.state === 'held' || (!isSettled(mine) && known.endedAt === undefined) ? mine.endedAt : undefined;

/**
 * A shared entry as it was left, where nobody has worked on it since: this incident, whose copy is held, or another one, where
 * this has none. One that was being taken back is not gone on with, but done again with its whole time.
 */
export const leftBy = (mine: Entry | undefined, known: Entry | undefined, now: number): Entry | undefined => {
  if (known === undefined || isSettled(known)) return known;
  const at = mine?.host === undefined ? givenUpAt(known, now) : heldSince(mine, known);
  if (at === undefined || known.startedAt > at) return known;
  return isBetween(known) ? fromNow(known, now) : { ...known, state: 'held', endedAt: at };
};

/**
 * The entry of a step that is done again under another goal, as it is begun; or `pending`, with its image and its end, where it
 * cannot be begun now: a denial waits for 15 minutes as that of any step does, from the first one.
 */
export const begunAgain = async (e: Entry, bound: BoundStep, context: WorkContext, rev: number): Promise<Entry> => {
  try {
    // What takes it back is still on its way: the world looks as it should until that arrives.
    if (isBetween(e) && (await isRunning(context.compute, e)))
      return {
        ...e,
        rev,
        wakeAt: timeOf(context.now() + RUNNING_WAKE_MS),
        because: 'what was begun for it is still under way: it is done again when that is over',
      };
    return await restarted(e, bound, context);
  } catch (thrown) {
    const now = context.now();
    if (thrown instanceof Denied) return { ...denied(isSettled(e) ? fromNow(e, now) : e, thrown, now), rev };
    if (thrown instanceof Malformed) return settled({ ...e, rev }, 'failed', now, sentenceOf(thrown));
    throw thrown;
  }
};
