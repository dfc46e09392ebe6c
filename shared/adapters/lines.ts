/** Collects lines on their way to a stream. */
export type Lines = {
  /** `isLast`: the line is written at once, together with all lines that wait before it. */
  write(line: string, isLast: boolean): void;
  flush(): void;
};

/**
 * Writes several lines at once: a line waits until `later` calls back, which should be soon, or until a line arrives
 * that must not wait. Each write is a system call, and one audit log entry of a cluster causes two lines.
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
