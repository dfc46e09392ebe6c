/** Time as the broker needs it, handed in so that a test can turn the clock. `now` in ms since the epoch. */
export type Timer = {
  now(): number;
  /** Runs `work` once after `ms`; calling what it gives back calls that off. */
  after(ms: number, work: () => void): () => void;
};

/** The machine's own time. */
export const systemTimer: Timer = {
  now: () => Date.now(),
  after: (ms, work) => {
    const timeout = setTimeout(work, ms);
    return () => clearTimeout(timeout);
  },
};
