import { sentenceOf, Throttled, Transient } from '../errors.ts';
import { msOf } from '../model/time.ts';
import { DENIED_MS } from './entry-states.ts';
import { isLate } from './late.ts';
import type { Before, BoundStep, StepContext, Verified } from './step.ts';

/** Whether a check that is not answered is given up: after 15 minutes, and once the step's own time is over. */
const isOver = (context: StepContext): boolean =>
  context.now() >= msOf(context.entry.startedAt) + DENIED_MS &&
  (context.entry.deadline === undefined || isLate(context));

/**
 * Checks the world for a change that was made. Something that the check reads, and the change does not need, may be
 * out of order for days: then the change is not proven, instead of never done. Throws as the step does
 * until then.
 */
export const verified = async (bound: BoundStep, context: StepContext, before: Before): Promise<Verified> => {
  try {
    return await bound.verify(context, before);
  } catch (thrown) {
    const mayLast = thrown instanceof Transient && !(thrown instanceof Throttled);
    if (!mayLast || !isOver(context)) throw thrown;
    return { proof: 'not proven', because: `done, but it could not be checked for 15 minutes: ${sentenceOf(thrown)}` };
  }
};
