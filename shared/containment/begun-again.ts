import { type Entry, isHeldBack, isSettled } from '../model/entry.ts';
import { timeOf } from '../model/time.ts';
import { afterFault, mayPass, reasons, settled } from './entry-states.ts';
import { isRunning, OPERATION_POLL_MS } from './operations.ts';
import { fromNow, isBetween } from './start.ts';
import type { BoundStep } from './step.ts';
import { NO_LONGER, verifiedAgain } from './verified.ts';
import { restarted, type WorkContext } from './work.ts';

/**
 * The entry of a change that was taken over, if the change is still in force, or if the budget does not let it be made
 * again; undefined if it must be made again. After a close, people may have taken it back by hand. One that cannot be
 * checked is made again too: a change that stands is sent once more.
 */
const standing = async (e: Entry, bound: BoundStep, context: WorkContext, rev: number): Promise<Entry | undefined> => {
  const { anew, wakeAt: _, ...rest } = e;
  if (anew !== true || e.before === undefined) return undefined;
  const { proof, because, stands } = await verifiedAgain(e, e.before, bound, context);
  const now = context.now();
  // Made again, a change that stands would pass for this incident's own, and go with its release.
  if (proof === 'proven' || stands === true)
    return isSettled(e)
      ? { ...rest, proof, rev, ...(proof === 'proven' ? {} : reasons(because)) }
      : settled({ ...rest, rev }, 'applied', now, because, proof);
  const full = await context.heldBack();
  if (full === undefined) return undefined;
  const said = `${because ?? NO_LONGER}; not made again: ${full}`;
  return { ...settled({ ...rest, rev }, 'held', now, said, proof), anew };
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
        wakeAt: timeOf(context.now() + OPERATION_POLL_MS),
        because: 'an operation that was sent for it earlier still runs: it is repeated once that has ended',
      };
    return (await standing(e, bound, context, rev)) ?? (await restarted(e, bound, context));
  } catch (thrown) {
    const now = context.now();
    const from = mayPass(thrown) && (isSettled(e) || isHeldBack(e)) ? fromNow(e, now) : e;
    const met = afterFault({ ...from, rev }, thrown, now);
    if (met === undefined) throw thrown;
    return met;
  }
};
