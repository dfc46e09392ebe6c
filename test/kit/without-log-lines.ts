import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Keeps the log lines of what `work` wires off the terminal: a function writes them to stdout, where they would stand
 * in the middle of a test run. All else that is written in the meantime passes. One call at a time.
 */
export const withoutLogLines = async <T>(work: () => Promise<T>): Promise<T> => {
  const { write } = process.stdout;
  const passed: typeof write = (chunk, ...rest) =>
    String(chunk).startsWith('{"severity":') ? true : Reflect.apply(write, process.stdout, [chunk, ...rest]);
  process.stdout.write = passed;
  try {
    return await work();
  } finally {
    // A line waits until the end of the turn, so that several are written together.
    await nextTurn();
    process.stdout.write = write;
  }
};
