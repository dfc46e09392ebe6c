import type { z } from 'zod';
import { READ_ONCE } from './read-once.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the variables of a schema. One that is empty or blank counts as unset.
 *
 * @throws Error that names every variable that cannot be read, without its value: it may be a secret.
 */
export const readEnvironment = <T>(variables: z.ZodType<T>, env: Environment): T => {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => (value ?? '').trim() !== ''));
  const read = variables.safeParse(set, READ_ONCE);
  if (read.success) return read.data;
  throw unusable(read.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`));
};

/** The error for an environment with these problems. */
export const unusable = (problems: readonly string[]): Error =>
  new Error(`The environment is not usable. ${problems.join('; ')}.`);
