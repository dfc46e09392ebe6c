import { Denied, Malformed, sentenceOf } from '../errors.ts';
import { type Entry, isSettled } from '../model/entry.ts';
import { msOf, type Time, timeOf } from '../model/time.ts';
import { LEASE_MS } from './ledger.ts';
import { isRunning } from './operations.ts';
import type { BoundStep } from './step.ts';
import { denied, restarted, settled, type WorkContext } from './work.ts';

const RUNNING_WAKE_MS = 2_000;
/** A run that works on a step looks at it within this time after its `wakeAt`, even if the tick must wake the run. */
const LOOKED_MS = 2 * LEASE_MS;

/**
 * Whether an unsettled entry had ended before: it could not be begun again yet, or its undo was interrupted. Such an
 * entry is begun again instead of continued, since its earlier attempt is over.
 */
export const isBetween = (e: Entry): boolean => !isSettled(e) && e.before !== undefined && e.endedAt !== undefined;

/** An entry with as much time from now on as it had from its start. */
export const fromNow = (e: Entry, now: number): Entry => ({
  ...e,
  startedAt: timeOf(now),
  ...(e.deadline === undefined ? {} : { deadline: timeOf(now + msOf(e.deadline) - msOf(e.startedAt)) }),
});

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
 * A shared entry, `held` since it was left, where nobody has worked on it since: neither this incident, whose copy is
 * held, nor, where this incident has no copy, another one. An entry whose undo was interrupted is not continued, but
 * done again with its whole time.
 */
export const leftBy = (mine: Entry | undefined, known: Entry | undefined, now: number): Entry | undefined => {
  if (known === undefined || isSettled(known)) return known;
  const at = mine?.host === undefined ? givenUpAt(known, now) : heldSince(mine, known);
  if (at === undefined || known.startedAt > at) return known;
  return isBetween(known) ? fromNow(known, now) : { ...known, state: 'held', endedAt: at };
};

/**
 * Begins a step again under another goal, and gives its entry. Where the step cannot begin now, the entry keeps its
 * before-image and end time and waits. A denial is tried again for 15 minutes from the first one, as for any step.
 */
export const begunAgain = async (e: Entry, bound: BoundStep, context: WorkContext, rev: number): Promise<Entry> => {
  try {
    // The undo of this step is still running. Until it ends, the world looks as if the step were already done.
    if (isBetween(e) && (await isRunning(context.compute, e)))
      return {
        ...e,
        rev,
        wakeAt: timeOf(context.now() + RUNNING_WAKE_MS),
        because: 'an operation that was sent for it earlier still runs: it is repeated once that has ended',
      };
    return await restarted(e, bound, context);
  } catch (thrown) {
    const now = context.now();
    if (thrown instanceof Denied) return { ...denied(isSettled(e) ? fromNow(e, now) : e, thrown, now), rev };
    if (thrown instanceof Malformed) return settled({ ...e, rev }, 'failed', now, sentenceOf(thrown));
    throw thrown;
  }
};
