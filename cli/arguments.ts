import { InvalidArgumentError } from 'commander';
import { Malformed } from '../shared/errors.ts';

/** The command line itself is wrong, which only a command can see: told like any error, but the exit code is 2. */
export class Usage extends Malformed {}

/** Reads a number of seconds above 0; any other text is a usage error. */
export const seconds = (text: string): number => {
  const n = Number(text);
  if (text.trim() !== '' && Number.isFinite(n) && n > 0) return n;
  throw new InvalidArgumentError('expected a number of seconds above 0');
};

/** Returns the argument if `is` accepts it as a name of the platform; any other text is a usage error. */
export const named =
  (is: (name: string) => boolean) =>
  (name: string): string => {
    if (!is(name)) throw new InvalidArgumentError('not a valid name');
    return name;
  };

/** The first text that is not blank: an empty variable counts as not set. */
export const firstSet = (...texts: ReadonlyArray<string | undefined>): string | undefined =>
  texts.find((one) => one !== undefined && one.trim() !== '');
