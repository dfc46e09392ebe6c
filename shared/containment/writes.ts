type Change<T> = (current: T) => T;

/** Writes of one document, which go one after the other. */
export type Writes<T> = {
  /** Writes a change. */
  write(change: Change<T>): Promise<T>;
  /** Writes a change together with others that come before this write has begun: all of them, or none. */
  join(change: Change<T>): Promise<T>;
  /** Resolves when a write under way is over, however it ends. At once where a write that can be joined is still to begin. */
  underWay(): Promise<unknown>;
};

/** Lets the writes of parallel steps wait for one another: they would only conflict with each other. */
export const writesOf = <T>(put: (change: Change<T>) => Promise<T>): Writes<T> => {
  let last: Promise<unknown> = Promise.resolve();
  let next: { changes: Array<Change<T>>; written: Promise<T> } | undefined;
  const inTurn = (send: () => Promise<T>): Promise<T> => {
    const written = last.then(send);
    last = written.catch(() => undefined);
    return written;
  };
  return {
    write: (change) => inTurn(() => put(change)),
    join: (change) => {
      if (next !== undefined) {
        next.changes.push(change);
        return next.written;
      }
      const changes = [change];
      const written = inTurn(() => {
        next = undefined;
        return put((current) => changes.reduce((changed, one) => one(changed), current));
      });
      next = { changes, written };
      return written;
    },
    underWay: async () => (next === undefined ? last : undefined),
  };
};
