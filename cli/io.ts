import { userInfo } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { Environment } from '../shared/read-environment.ts';

/** Exit codes of every command: 0 done, 1 the input or the outcome had errors, 2 usage. */
export type ExitCode = 0 | 1 | 2;

/** Everything of the process that a command may use, so that a test can run commands without a process. */
export type Io = {
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
  /** Whether stdout is a terminal, and so read by a person. */
  isTTY: boolean;
  /** Whether a line on stderr can be redrawn: stderr is a terminal that knows its size. */
  canRedraw: boolean;
  /** Width for layouts, in characters: the terminal's, or 100 without a terminal. */
  columns: number;
  /** Height of the terminal, in lines; 0 without a terminal. */
  rows: number;
  /** Whether escape sequences may be written: on a terminal without NO_COLOR. FORCE_COLOR allows them anywhere. */
  colour: boolean;
  env: Environment;
  /** The folder that relative paths start from. */
  cwd: string;
  /** ms since the epoch. */
  now(): number;
  /** Records an exit code. The highest recorded one is used. */
  setExit(code: ExitCode): void;
  exitCode(): ExitCode;
};

/**
 * Width for a table, in characters. Elsewhere than on a terminal it has no end: whatever reads a table there splits it
 * into columns.
 */
export const tableColumns = ({ isTTY, columns }: Pick<Io, 'isTTY' | 'columns'>): number =>
  isTTY ? columns : Number.POSITIVE_INFINITY;

const wantsColour = (env: Io['env'], isTTY: boolean): boolean => {
  if ((env.NO_COLOR ?? '') !== '') return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTTY && env.TERM !== 'dumb';
};

/** An Io over given streams. The defaults are those of a script without a terminal. */
export const makeIo = (
  parts: Pick<Io, 'stdin' | 'stdout' | 'stderr' | 'env' | 'cwd'> & {
    isTTY?: boolean;
    canRedraw?: boolean;
    columns?: number;
    rows?: number;
    now?(): number;
  },
): Io => {
  let exit: ExitCode = 0;
  const isTTY = parts.isTTY ?? false;
  return {
    stdin: parts.stdin,
    stdout: parts.stdout,
    stderr: parts.stderr,
    env: parts.env,
    cwd: parts.cwd,
    isTTY,
    canRedraw: parts.canRedraw ?? false,
    // A terminal that does not know its size reports 0.
    columns: Math.max(40, parts.columns || 100),
    rows: parts.rows ?? 0,
    colour: wantsColour(parts.env, isTTY),
    now: parts.now ?? Date.now,
    setExit: (code) => {
      if (code > exit) exit = code;
    },
    exitCode: () => exit,
  };
};

/** The user name of this session, even if the environment does not name one (containers, services). */
const sessionUser = (): string | undefined => {
  try {
    return process.env.USER ?? userInfo().username;
  } catch {
    return undefined;
  }
};

/** Ends the process if its output cannot be written; quietly if the reader has gone away (EPIPE, as with `| head`). */
const endFor = ({ code = 'unknown' }: NodeJS.ErrnoException): never => {
  if (code === 'EPIPE') process.exit();
  process.stderr.write(`firebreak: the output cannot be written (${code}).\n`);
  process.exit(1);
};

/**
 * A library that looks for Google's metadata server where there is none warns of it; our own sentence says what to do.
 */
const withoutLibraryWarnings = (): void => {
  const listeners = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'MetadataLookupWarning') for (const listener of listeners) listener(warning);
  });
};

/** The folder that this process was started in; the process ends if that was removed meanwhile. */
const startedIn = (): string => {
  try {
    return process.cwd();
  } catch {
    process.stderr.write(
      'firebreak: the folder that this was started in does not exist any more: change to another.\n',
    );
    process.exit(1);
  }
};

/** The Io of this process. The process ends if its output cannot be written. */
export const processIo = (): Io => {
  withoutLibraryWarnings();
  process.stdout.on('error', endFor);
  // With stderr broken, there is nowhere left to report the error.
  process.stderr.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? undefined : 1));
  return makeIo({
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: { ...process.env, USER: sessionUser() },
    cwd: startedIn(),
    isTTY: process.stdout.isTTY === true,
    canRedraw: process.stderr.isTTY === true && process.stderr.columns > 0 && process.env.TERM !== 'dumb',
    columns: process.stdout.columns ?? Number(process.env.COLUMNS ?? 0),
    rows: process.stdout.rows ?? 0,
  });
};
