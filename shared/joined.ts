/** Runs `work`, or joins the run of the same `key` that is under way. */
export type Joined<T> = (key: string, work: () => Promise<T>) => Promise<T>;

/**
 * Callers that ask for the same thing at the same time share one answer, or one failure. The answer may have been read
 * a moment before a caller asked, so this is only for answers that may be that old.
 */
export const makeJoined = <T>(): Joined<T> => {
  const running = new Map<string, Promise<T>>();
  return (key, work) => {
    const known = running.get(key);
    if (known !== undefined) return known;
    const run = work().finally(() => running.delete(key));
    running.set(key, run);
    return run;
  };
};
