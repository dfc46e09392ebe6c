import type { Entry } from '../model/entry.ts';
import type { BoundStep, Captured } from './step.ts';
import type { WorkContext } from './work.ts';

/**
 * The same step, with the read of its before-image started at once, while the lease on its host is still being taken.
 * Only for a host that was seen free. If another run has written the host meanwhile, taking the lease shows that, and
 * the image that was read ahead is thrown away.
 */
export const capturedAhead = (bound: BoundStep, context: WorkContext, blank: Entry): BoundStep => {
  let ahead: Promise<Captured> | undefined = bound.capture({ ...context, entry: blank });
  ahead.catch(() => undefined);
  return {
    ...bound,
    capture: (given) => {
      const captured = ahead ?? bound.capture(given);
      ahead = undefined;
      return captured;
    },
  };
};
