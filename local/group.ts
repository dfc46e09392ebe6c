import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A child process and all processes that it starts: one process group, ended as a whole. */
export type Group = {
  pid: number;
  /** Resolves once the leader has ended. */
  ended: Promise<void>;
  hasEnded(): boolean;
  on(event: 'message', listener: (message: unknown) => void): void;
  signal(signal: NodeJS.Signals): void;
  /** Asks the whole group to end (SIGTERM), and kills it after `graceMs` at the latest. */
  stop(graceMs?: number): Promise<void>;
};

/**
 * Starts Node.js with `args` as the leader of its own process group. A Ctrl-C at the terminal then reaches only the
 * stack, and the stack ends its parts. stdout and stderr are appended to `logFile`.
 */
export const startGroup = (options: {
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
}): Group => {
  const { args, cwd, env, logFile } = options;
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, args, { cwd, env, detached: true, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${process.execPath} cannot be started: is it still installed?`);
  const ended = endOf(child);
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(-pid, name);
    } catch (thrown) {
      // No such process: the whole group has ended.
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH')) throw thrown;
    }
  };
  return {
    pid,
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    on: (event, listener) => void child.on(event, listener),
    signal,
    stop: async (graceMs = 3000) => {
      signal('SIGTERM');
      const patience = new AbortController();
      await Promise.race([ended, sleep(graceMs, undefined, { signal: patience.signal }).catch(() => {})]);
      patience.abort();
      // Sent even if the leader ended in time, since it may have left other processes behind.
      signal('SIGKILL');
      await ended;
    },
  };
};

const endOf = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
};
