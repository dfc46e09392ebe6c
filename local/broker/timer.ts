/** The broker's clock, handed in so that a test can control time. `now` in ms since the epoch. */
export type Timer = {
  now(): number;
  /** Runs `work` once after `ms`; the returned function cancels it. */
  after(ms: number, work: () => void): () => void;
};

/** The machine's own clock. */
export const systemTimer: Timer = {
  now: () => Date.now(),
  after: (ms, work) => {
    const timeout = setTimeout(work, ms);
    return () => clearTimeout(timeout);
  },
};
