import ora from 'ora';
import type { Io } from './io.ts';

/** Tells a person what goes on: `doing` is replaced by what comes next, `done` stays. */
export type Progress = { doing(text: string): void; done(text: string): void; end(): void };

/** Tells a person that a deployed project is being read, which takes a while; `project`: undefined on this machine. */
export const whileReading = async <T>(
  io: Pick<Io, 'stderr' | 'canRedraw'>,
  project: string | undefined,
  read: () => Promise<T>,
): Promise<T> => {
  const progress = makeProgress(io, true);
  if (project !== undefined) progress.doing(`reading project ${project}`);
  try {
    return await read();
  } finally {
    progress.end();
  }
};

/**
 * A spinner on a terminal; elsewhere a line for each thing done. On stderr, so that stdout holds the result alone;
 * nothing at all where `quiet` and nobody watches.
 */
export const makeProgress = (io: Pick<Io, 'stderr' | 'canRedraw'>, quiet: boolean): Progress => {
  if (!io.canRedraw) {
    const done = quiet ? () => {} : (text: string) => void io.stderr.write(`${text}\n`);
    return { doing: () => {}, done, end: () => {} };
  }
  const spinner = ora({ stream: io.stderr, discardStdin: false });
  return {
    doing: (text) => void spinner.start(text),
    done: (text) => void spinner.succeed(text),
    // One that has not begun has nothing to take off the terminal.
    end: () => {
      if (spinner.isSpinning) spinner.stop();
    },
  };
};
