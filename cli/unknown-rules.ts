import { matchesGlob } from '../shared/decision/glob.ts';
import type { Policy } from '../shared/decision/policy.ts';

/**
 * The patterns in a policy's conditions that fit none of the rules that there are, in the order of the policy. Such a
 * condition is valid and never holds, which nobody notices: most often a rule's name is misspelt.
 */
export const unknownRules = (policy: Policy, rules: readonly string[]): string[] => {
  const named = [...policy.overrides, ...policy.suppressions, ...policy.stopFirst, ...policy.options].flatMap(
    ({ when }) => when.rule ?? [],
  );
  return [...new Set(named)].filter((pattern) => !rules.some((rule) => matchesGlob(pattern, rule)));
};
