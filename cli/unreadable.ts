import { Malformed, sentenceOf } from '../shared/errors.ts';

/** What to do about a file that cannot be read, by the system's own code. */
const DO: Readonly<Record<string, string>> = {
  ENOENT: 'name a file that is there',
  EISDIR: 'name a file, not a folder',
  EACCES: 'name one that you may read',
  EPERM: 'name one that you may read',
};

/** The sentence of a file that cannot be read: which, why, and what to do. `shown` is fit to be shown. */
export const unreadable = (shown: string, thrown: unknown): Malformed => {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined;
  const todo = code === undefined ? undefined : DO[code];
  return new Malformed(
    `${shown} cannot be read (${code ?? sentenceOf(thrown)})${todo === undefined ? '' : `: ${todo}`}.`,
    { cause: thrown },
  );
};
