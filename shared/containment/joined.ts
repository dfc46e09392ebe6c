import { Denied, Malformed, sentenceOf } from '../errors.ts';
import type { Entry } from '../model/entry.ts';
import type { BoundStep } from './bound-step.ts';
import { reasons } from './entry-states.ts';
import { isByHand } from './order.ts';
import { NO_LONGER, verifiedAgain } from './verified.ts';
import type { WorkContext } from './work.ts';

/** The reason of an entry whose change another incident had made. */
export const alreadyDone = (by: string): string => `already done for incident ${by}; both incidents now hold it`;

/** Whether only closed incidents have left this change on a host: after a close, people may take it back by hand. */
export const isLeft = async (e: Entry, { isHeldBeside }: WorkContext): Promise<boolean> =>
  e.state === 'applied' && e.before !== undefined && isByHand(e) && !(await isHeldBeside());

/** Whether a check was refused, which leaves its change in doubt. */
export const isRefused = (thrown: unknown): boolean => thrown instanceof Denied || thrown instanceof Malformed;

/**
 * Why a change that is told as proven is not told so any more; undefined where it is still in force. `context` may throw
 * where the cluster is not served any more. `isDoubt`: whether what the check throws is a doubt, and not passed on.
 */
export const doubtOf = async (
  e: Entry,
  bound: BoundStep,
  context: () => WorkContext,
  isDoubt = isRefused,
): Promise<string | undefined> => {
  if (e.state !== 'applied' || e.proof !== 'proven' || e.before === undefined || !isByHand(e)) return undefined;
  try {
    const verified = await verifiedAgain(e, e.before, bound, context());
    return verified.proof === 'proven' ? undefined : (verified.because ?? NO_LONGER);
  } catch (thrown) {
    if (!isDoubt(thrown)) throw thrown;
    return `it cannot be checked: ${sentenceOf(thrown)}`;
  }
};

/** The entry of a change that there is a doubt about, with what is said of it. */
export const doubted = (e: Entry, ...said: ReadonlyArray<string | undefined>): Entry => ({
  ...e,
  proof: 'not proven',
  ...reasons(...said),
});

/**
 * The entry of a change that another incident made on a host, as this incident finds it when it joins: people may have
 * taken the change back since. They are not overruled while an incident holds the host, but nobody is told that it
 * stands.
 */
export const joined = async (e: Entry, by: string, bound: BoundStep, context: WorkContext): Promise<Entry> => {
  const because = alreadyDone(by);
  const doubt = await doubtOf(e, bound, () => context);
  return doubt === undefined ? { ...e, because } : doubted(e, because, doubt);
};
