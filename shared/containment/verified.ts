import { Denied, Malformed, sentenceOf, Throttled, Transient } from '../errors.ts';
import type { Entry } from '../model/entry.ts';
import { msOf, type Time } from '../model/time.ts';
import type { BoundStep } from './bound-step.ts';
import { DENIED_MS, isRefusedLong } from './entry-states.ts';
import { isLate } from './late.ts';
import type { Before, StepContext, Verified } from './step.ts';

/** Why a change that was made is not there any more, where its step gives no reason. */
export const NO_LONGER = 'it is no longer in force';

/** Whether a check that is not answered is given up: after 15 minutes. */
const isUnanswered = (thrown: unknown, since: Time, now: number): thrown is Transient =>
  thrown instanceof Transient && !(thrown instanceof Throttled) && now >= msOf(since) + DENIED_MS;

/**
 * Checks the world for a change that was made. Something that the check reads, and the change does not need, may be out
 * of order or denied for days: once the step's own time is over too, the change is not proven, instead of never done.
 * Throws as the step does until then. A check that is refused for good says so at once.
 */
export const verified = async (bound: BoundStep, context: StepContext, before: Before): Promise<Verified> => {
  try {
    return await bound.verify(context, before);
  } catch (thrown) {
    const unchecked = 'done, but it could not be checked';
    if (thrown instanceof Malformed) return { proof: 'not proven', because: `${unchecked}: ${sentenceOf(thrown)}` };
    const { deadline, startedAt } = context.entry;
    const isOver = deadline === undefined || isLate(context);
    const now = context.now();
    const isDenied = thrown instanceof Denied && isRefusedLong(context.entry, now);
    if (!isOver || !(isDenied || isUnanswered(thrown, startedAt, now))) throw thrown;
    return { proof: 'not proven', because: `${unchecked} for 15 minutes: ${sentenceOf(thrown)}` };
  }
};

/** What a check says; `unanswered`, with why, where it gets no answer for 15 minutes of this goal. */
const answerOf = async <T>(
  { incident: { goal }, now }: Pick<StepContext, 'incident' | 'now'>,
  check: () => Promise<T>,
  unanswered: (because: string) => T,
): Promise<T> => {
  try {
    return await check();
  } catch (thrown) {
    if (goal === null || !isUnanswered(thrown, goal.at, now())) throw thrown;
    return unanswered(`it cannot be checked: ${sentenceOf(thrown)}`);
  }
};

/** Checks a change once more that was made under an earlier goal, or by another incident. */
export const verifiedAgain = (
  e: Entry,
  before: Before,
  bound: BoundStep,
  context: Omit<StepContext, 'entry'>,
): Promise<Verified> =>
  answerOf(
    context,
    () => bound.verify({ ...context, entry: e }, before),
    (because) => ({ proof: 'not proven', because }),
  );

/** The doubts about what was so before a step. */
export const doubtsNow = (
  context: Omit<StepContext, 'entry'>,
  doubts: () => Promise<readonly string[]>,
): Promise<readonly string[]> => answerOf(context, doubts, (because) => [because]);
