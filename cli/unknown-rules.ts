import { matchesGlob } from '../shared/decision/glob.ts';
import type { Policy } from '../shared/decision/policy.ts';
import type { RulesFile } from '../shared/detection/rules-file.ts';

/**
 * The patterns that fit none of the rules that there are, each once. What names such a rule is valid and never holds,
 * which nobody notices: most often the name is misspelt.
 */
const unfit = (patterns: readonly string[], rules: ReadonlyArray<{ id: string }>): string[] =>
  [...new Set(patterns)].filter((pattern) => !rules.some(({ id }) => matchesGlob(pattern, id)));

/** Those in a policy's conditions, in the order of the policy. */
export const unknownRules = (policy: Policy, rules: ReadonlyArray<{ id: string }>): string[] =>
  unfit(
    [...policy.overrides, ...policy.suppressions, ...policy.stopFirst, ...policy.options].flatMap(
      ({ when }) => when.rule ?? [],
    ),
    rules,
  );

/** Those in the allowances of a rules file. */
export const unknownAllowed = ({ allow }: RulesFile, rules: ReadonlyArray<{ id: string }>): string[] =>
  unfit(
    allow.flatMap(({ rule }) => rule ?? []),
    rules,
  );
