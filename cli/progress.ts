import ora from 'ora';
import { wrap } from '../shared/views/wrap.ts';
import type { Io } from './io.ts';

/** Shows progress to a person: a `doing` text is replaced by the next one, a `done` text stays. */
export type Progress = { doing(text: string): void; done(text: string): void; end(): void };

/** Tells a person that a deployed project is being read, which takes a while; `project`: undefined on this machine. */
export const whileReading = async <T>(
  io: Pick<Io, 'stderr' | 'canRedraw' | 'columns' | 'colour'>,
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
 * A spinner on a terminal; elsewhere one line for each `done`, or nothing if `quiet`. Writes to stderr, so that stdout
 * holds only the result.
 */
export const makeProgress = (io: Pick<Io, 'stderr' | 'canRedraw' | 'columns' | 'colour'>, quiet: boolean): Progress => {
  if (!io.canRedraw) {
    const done = quiet ? () => {} : (text: string) => void io.stderr.write(`${text}\n`);
    return { doing: () => {}, done, end: () => {} };
  }
  const spinner = ora({ stream: io.stderr, discardStdin: false, color: io.colour ? 'cyan' : false });
  return {
    doing: (text) => void spinner.start(text),
    // A mark and a space stand before the text.
    done: (text) => void spinner.succeed(wrap(text, io.columns - 2).join('\n  ')),
    // One that has not begun has nothing to take off the terminal.
    end: () => {
      if (spinner.isSpinning) spinner.stop();
    },
  };
};
