import type { Entry } from '../model/entry.ts';

/**
 * Entries of which the same can be said in one line: several steps on one subject that came to the same end for the
 * same reason, such as a budget that is used up. In the order of the first of each. An entry without a reason is alone.
 */
export const alike = (entries: readonly Entry[]): Entry[][] => [
  ...Map.groupBy(entries, ({ step, uid, subject, state, proof, because }) =>
    JSON.stringify(because === undefined ? [step, uid] : [state, uid, subject, proof, because]),
  ).values(),
];

/** The steps of such entries: `cordon-node, leave-group, drain-node`. */
export const stepsText = (entries: readonly Entry[]): string => entries.map(({ step }) => step).join(', ');
