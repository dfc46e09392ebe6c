import { Denied } from '../errors.ts';

/**
 * Doubts about a change, in sentences, that `find` reads from the cluster. Without the right to read, that is the
 * doubt: whether `what` is not known.
 */
export const orUnknown = async (what: string, find: () => Promise<string[]>): Promise<string[]> => {
  try {
    return await find();
  } catch (thrown) {
    if (!(thrown instanceof Denied)) throw thrown;
    return [`whether ${what} is not known: ${thrown.message}`];
  }
};
