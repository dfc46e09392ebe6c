import type { Entry } from '../model/entry.ts';

/**
 * Entries of which the same can be said in one line: several steps on one subject that came to the same end for the
 * same reason, such as a budget that is used up. In the order of the first of each. An entry without a reason is alone.
 */
export const alike = (entries: readonly Entry[]): Entry[][] => {
  const groups = new Map<string, Entry[]>();
  for (const e of entries) {
    const key = JSON.stringify(
      e.because === undefined ? [e.step, e.uid] : [e.state, e.uid, e.subject, e.proof, e.because],
    );
    groups.set(key, [...(groups.get(key) ?? []), e]);
  }
  return [...groups.values()];
};

/** The steps of such entries: `cordon-node, leave-group, drain-node`. */
export const stepsText = (entries: readonly Entry[]): string => entries.map(({ step }) => step).join(', ');
