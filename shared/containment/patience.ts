/** The pieces of a wait, in ms. */
const PIECE_MS = 500;

/**
 * Waits `ms`, in short pieces. While a process is blocked, as by loading a client for its first call, no answer reaches
 * it: such a time counts as one piece, so that it does not use up the patience with answers that are about to come.
 */
export const patience = async (after: (ms: number) => Promise<unknown>, ms: number): Promise<void> => {
  for (let left = ms; left > 0; left -= PIECE_MS) await after(Math.min(left, PIECE_MS));
};
