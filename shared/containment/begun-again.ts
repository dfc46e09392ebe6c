import { Denied, Malformed, sentenceOf } from '../errors.ts';
import { type Entry, isSettled } from '../model/entry.ts';
import { msOf, timeOf } from '../model/time.ts';
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
const fromNow = (e: Entry, now: number): Entry => ({
  ...e,
  startedAt: timeOf(now),
  ...(e.deadline === undefined ? {} : { deadline: timeOf(now + msOf(e.deadline) - msOf(e.startedAt)) }),
});

/** Whether another incident has begun a shared entry and works on it no more: its policy was lowered, or it was closed. */
const isGivenUp = (known: Entry, now: number): boolean => msOf(known.wakeAt ?? known.startedAt) + LOOKED_MS < now;

/**
 * A shared entry as it was left, where this incident's copy of it is held and nobody has worked on it since. A held copy that
 * waits for a busy host by now is `pending` with its end. One that was being taken back is not gone on with, however its copy
 * was left: it is done again, with its whole time. So is the time of one that another incident has given up.
 */
export const leftBy = (mine: Entry | undefined, known: Entry | undefined, now: number): Entry | undefined => {
  if (known === undefined || isSettled(known)) return known;
  if (mine?.host === undefined) return isGivenUp(known, now) ? fromNow(known, now) : known;
  const isWaiting = mine.state === 'pending' && known.endedAt === undefined;
  const at = mine.state === 'held' || isWaiting ? mine.endedAt : undefined;
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
