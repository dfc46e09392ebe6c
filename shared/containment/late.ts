import type { Entry } from '../model/entry.ts';
import { msOf } from '../model/time.ts';

/** Whether the time of a step, which its entry in the journal holds, is over. */
export const isLate = (context: { entry: Pick<Entry, 'deadline'>; now(): number }): boolean =>
  context.entry.deadline !== undefined && context.now() >= msOf(context.entry.deadline);
