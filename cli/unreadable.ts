import { Malformed, sentenceOf } from '../shared/errors.ts';

/** Advice about a file that cannot be read, by the system's error code. */
const DO: Readonly<Record<string, string>> = {
  ENOENT: 'name a file that is there',
  EISDIR: 'name a file, not a folder',
  EACCES: 'name one that you may read',
  EPERM: 'name one that you may read',
};

/**
 * The error for a file that cannot be read: which file, why, and what to do. `shown` is the file's name, safe to print.
 */
export const unreadable = (shown: string, thrown: unknown): Malformed => {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined;
  const todo = code === undefined ? undefined : DO[code];
  return new Malformed(
    `${shown} cannot be read (${code ?? sentenceOf(thrown)})${todo === undefined ? '' : `: ${todo}`}.`,
    { cause: thrown },
  );
};
