import type { PlanItem } from '../model/entry.ts';
import type { Hold } from './context.ts';
import type { RunPorts } from './run.ts';
import type { Step } from './step.ts';

/** An item of a group with its place in the queue of those that send: whom it waits for, and how it lets others go. */
export type Queued = Required<Pick<Hold, 'behind' | 'sent'>> & { item: PlanItem; pace: Step['pace'] };

/**
 * The queue of a group that goes ahead: each item sends once those of the steps before its own have sent, or have ended
 * without. Items of one step do not wait for one another, and nobody waits in a group that goes alongside.
 */
export const queueOf = (ports: Pick<RunPorts, 'stepOf'>, group: readonly PlanItem[]): Queued[] => {
  const places = group.map((item) => ({ item, gone: Promise.withResolvers<void>() }));
  return places.map(({ item, gone }, n) => {
    const pace = ports.stepOf(item.step)?.pace;
    const before = pace === 'ahead' ? places.slice(0, n).filter((other) => other.item.step !== item.step) : [];
    const behind = Promise.all(before.map((other) => other.gone.promise));
    return { item, pace, behind, sent: () => gone.resolve() };
  });
};
