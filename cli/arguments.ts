import { InvalidArgumentError } from 'commander';

/** Reads a number of seconds above 0; anything else is a usage error. */
export const seconds = (text: string): number => {
  const n = Number(text);
  if (text.trim() !== '' && Number.isFinite(n) && n > 0) return n;
  throw new InvalidArgumentError('expected a number of seconds above 0');
};

/** The argument where it passes a grammar of the platform's; anything else is a usage error. */
export const named =
  (is: (name: string) => boolean) =>
  (name: string): string => {
    if (!is(name)) throw new InvalidArgumentError('not a valid name');
    return name;
  };

/** The first text that says something: a variable that is empty is not set. */
export const firstSet = (...texts: ReadonlyArray<string | undefined>): string | undefined =>
  texts.find((one) => one !== undefined && one.trim() !== '');
