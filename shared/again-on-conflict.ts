import { Conflict, Transient } from './errors.ts';

const TRIES = 5;

/**
 * Does what reads, merges and writes once more where others wrote first: up to five times in all. `attempt` gets the
 * number of the tries before it. `what`: what others did, for the error, such as `host h-1 was written by others`.
 *
 * @throws Transient after five conflicts, and whatever else `attempt` throws.
 */
export const againOnConflict = async <T>(what: string, attempt: (tries: number) => Promise<T>): Promise<T> => {
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      return await attempt(tries);
    } catch (thrown) {
      if (!(thrown instanceof Conflict)) throw thrown;
    }
  }
  throw new Transient(`${what} ${TRIES} times in a row`);
};
