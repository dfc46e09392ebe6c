/** Lines on their way to a stream. */
export type Lines = {
  /** `isLast`: it is written at once, with all that waits before it. */
  write(line: string, isLast: boolean): void;
  flush(): void;
};

/**
 * Writes lines together: a line waits until `later` calls back, which is to be soon, or until one that must not wait. Each
 * write is a call of the system, and an entry of a cluster leaves two lines.
 */
export const makeLines = (write: (lines: string) => void, later: (flush: () => void) => unknown): Lines => {
  let waiting = '';
  const flush = (): void => {
    const lines = waiting;
    waiting = '';
    if (lines !== '') write(lines);
  };
  return {
    write: (line, isLast) => {
      const isFirst = waiting === '';
      waiting += line;
      if (isLast) flush();
      else if (isFirst) later(flush);
    },
    flush,
  };
};
