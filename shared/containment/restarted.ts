import type { Entry } from '../model/entry.ts';
import { msOf, timeOf } from '../model/time.ts';
import type { BoundStep } from './bound-step.ts';
import { isRunning } from './operations.ts';
import { requestOf } from './request-id.ts';
import type { Before } from './step.ts';
import type { WorkContext } from './work.ts';

/** The entry's before-image, combined with a new reading of the world if the step has `refresh`. */
const refreshed = async (before: Before, entry: Entry, bound: BoundStep, context: WorkContext): Promise<Before> => {
  const { refresh } = bound.step;
  if (refresh === undefined) return before;
  const captured = await bound.capture({ ...context, entry });
  return captured.outcome === 'captured' ? refresh(before, captured.before) : before;
};

/**
 * An entry that is worked on again under another goal: from its before-image, with as much time as it had at first, and
 * with a new request, unless an operation of the old one is still running.
 */
export const restarted = async (e: Entry, bound: BoundStep, context: WorkContext): Promise<Entry> => {
  const { because: _, endedAt: __, operation, wakeAt: ___, undoFrom: ____, deadline, before = {}, ...rest } = e;
  const now = context.now();
  const at = timeOf(now);
  const isOpen = await isRunning(context.compute, e);
  return {
    ...rest,
    before: await refreshed(before, e, bound, context),
    state: 'applying',
    startedAt: at,
    proof: null,
    ...(isOpen && operation !== undefined ? { operation } : { requestId: requestOf(bound, context, at) }),
    ...(deadline === undefined ? {} : { deadline: timeOf(now + msOf(deadline) - msOf(e.startedAt)) }),
  };
};
