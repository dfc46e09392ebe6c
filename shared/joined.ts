/** Runs `work`, or joins the run of the same `key` that is under way. */
export type Joined<T> = (key: string, work: () => Promise<T>) => Promise<T>;

/**
 * Whoever asks for the same thing at the same time shares one answer, a failure too. It may have been read a moment before
 * one asked, so it is for what a reader must bear to be as old as that.
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
