import { InvalidArgumentError } from 'commander';

/** Reads a number of seconds above 0; anything else is a usage error. */
export const seconds = (text: string): number => {
  const n = Number(text);
  if (text.trim() !== '' && Number.isFinite(n) && n > 0) return n;
  throw new InvalidArgumentError('expected a number of seconds above 0.');
};
