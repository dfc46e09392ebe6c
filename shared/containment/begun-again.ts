import { type Entry, isSettled } from '../model/entry.ts';
import { timeOf } from '../model/time.ts';
import type { BoundStep } from './bound-step.ts';
import { dryCompute } from './dry-compute.ts';
import { afterFault, reasons, settled } from './entry-states.ts';
import { dryCluster } from './guard.ts';
import { isRunning, OPERATION_POLL_MS } from './operations.ts';
import { restarted } from './restarted.ts';
import { isBetween } from './start.ts';
import { WouldSend } from './stopped.ts';
import { NO_LONGER, verifiedAgain } from './verified.ts';
import type { WorkContext } from './work.ts';

/** Whether the step, begun again, would find its change in the world and send nothing. */
const isThere = async (e: Entry, bound: BoundStep, context: WorkContext): Promise<boolean> => {
  const dry = { ...context, dry: true, write: dryCluster(), computeWrite: dryCompute(), entry: e };
  try {
    return (await bound.apply(dry, e.before ?? {})).outcome === 'applied';
  } catch (thrown) {
    if (thrown instanceof WouldSend) return false;
    throw thrown;
  }
};

/**
 * The entry of a change that was taken over: as it was where the change stands, held where the budget does not let it
 * be made again, and else begun again. After a close, people may have taken it back by hand. One that is not proven
 * stands as well if nothing would be sent to make it again: what is in doubt is beside it.
 */
const lookedAt = async (e: Entry, bound: BoundStep, context: WorkContext, rev: number): Promise<Entry> => {
  const { anew, wakeAt: _, ...rest } = e;
  if (anew !== true || e.before === undefined) return restarted(e, bound, context);
  const { proof, because } = await verifiedAgain(e, e.before, bound, context);
  const again = proof === 'proven' ? undefined : await restarted(e, bound, context);
  const now = context.now();
  if (again === undefined || (await isThere(again, bound, context)))
    return isSettled(e)
      ? { ...rest, proof, rev, ...(proof === 'proven' ? {} : reasons(because)) }
      : settled({ ...rest, rev }, 'applied', now, because, proof);
  const full = await context.heldBack();
  const said = `${because ?? NO_LONGER}; not made again: ${full}`;
  if (full !== undefined) return { ...settled({ ...rest, rev }, 'held', now, said, proof), anew };
  // It goes with the release of those who hold it now: the closed incidents among the holders have lost it.
  const lostBy = [...(e.lostBy ?? []), ...(await context.formerHolders())];
  return lostBy.length === 0 ? again : { ...again, lostBy };
};

/**
 * Begins a step again under another goal, and gives its entry. Where the step cannot begin now, the entry keeps its
 * before-image and end time and waits. A denial is tried again for 15 minutes, as for any step.
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
    return await lookedAt(e, bound, context, rev);
  } catch (thrown) {
    const met = afterFault({ ...e, rev }, thrown, context.now());
    if (met === undefined) throw thrown;
    return met;
  }
};
