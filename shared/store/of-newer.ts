import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

const valueAt = (value: unknown, path: Issue['path']): unknown =>
  path.reduce<unknown>((found, key) => (Object.hasOwn(Object(found), key) ? Object(found)[key] : undefined), value);

/** A union is as wrong as one of its members; one with a discriminator has none to choose from. */
const isAdded = (issue: Issue, value: unknown): boolean => {
  const found = valueAt(value, issue.path);
  if (issue.code === 'invalid_union' && issue.errors.length > 0)
    return issue.errors.some((member) => member.every((one) => isAdded(one, found)));
  if (issue.code === 'invalid_union' || issue.code === 'invalid_value') return typeof found === 'string';
  return issue.code === 'unrecognized_keys';
};

/**
 * Whether a schema refuses no more of a value than what a newer release may have added: an entry of a closed list, such
 * as the id of a step, a kind in a union, or a field where none may be left out.
 */
export const isOfNewer = ({ issues }: z.ZodError, value: unknown): boolean =>
  issues.every((issue) => isAdded(issue, value));
