import { userInfo } from 'node:os';
import type { Readable, Writable } from 'node:stream';

/** Exit codes of every command: 0 done, 1 the input or the outcome had errors, 2 usage. */
export type ExitCode = 0 | 1 | 2;

/** Everything of the process that a command may touch, so that a test runs commands without a process. */
export type Io = {
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
  /** Whether a person reads stdout. */
  isTTY: boolean;
  /** Whether a line on stderr can be drawn over: a terminal there that knows its size. */
  canRedraw: boolean;
  /** Width for layouts, in characters: the terminal's own, 100 where there is none. */
  columns: number;
  /** Height of the terminal, in lines; 0 where there is none. */
  rows: number;
  /** Whether escape sequences may be written: a terminal, and no NO_COLOR (FORCE_COLOR turns it on anywhere). */
  colour: boolean;
  env: Readonly<Record<string, string | undefined>>;
  /** Where relative paths start. */
  cwd: string;
  /** ms since the epoch. */
  now(): number;
  /** Remembers the exit code; the highest said is the one used. */
  setExit(code: ExitCode): void;
  exitCode(): ExitCode;
};

const wantsColour = (env: Io['env'], isTTY: boolean): boolean => {
  if ((env.NO_COLOR ?? '') !== '') return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTTY && env.TERM !== 'dumb';
};

/** The Io of given streams; what is not handed in is that of a script without a terminal. */
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
    // A terminal that does not know its size says 0.
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

/** The name this session runs under, also where the environment does not say it (containers, services). */
const sessionUser = (): string | undefined => {
  try {
    return process.env.USER ?? userInfo().username;
  } catch {
    return undefined;
  }
};

/** Ends the process where nobody gets its output: a reader that went away (EPIPE, as with `| head`) quietly. */
const endFor = ({ code = 'unknown' }: NodeJS.ErrnoException): never => {
  if (code === 'EPIPE') process.exit();
  process.stderr.write(`firebreak: the output cannot be written (${code}).\n`);
  process.exit(1);
};

/** A library that looks for Google's metadata server where there is none warns of it; our own sentence says what to do. */
const withoutLibraryWarnings = (): void => {
  const listeners = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'MetadataLookupWarning') for (const listener of listeners) listener(warning);
  });
};

/** The Io of this process, which ends where its output cannot be written. */
export const processIo = (): Io => {
  withoutLibraryWarnings();
  process.stdout.on('error', endFor);
  // There is nowhere left to say it.
  process.stderr.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? undefined : 1));
  return makeIo({
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: { ...process.env, USER: sessionUser() },
    cwd: process.cwd(),
    isTTY: process.stdout.isTTY === true,
    canRedraw: process.stderr.isTTY === true && process.stderr.columns > 0 && process.env.TERM !== 'dumb',
    columns: process.stdout.columns ?? Number(process.env.COLUMNS ?? 0),
    rows: process.stdout.rows ?? 0,
  });
};
