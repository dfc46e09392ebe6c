import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Group, startGroup } from './group.ts';

/** A function under functions-framework, as in production. It is started again whenever it ends. */
export type FunctionProcess = {
  name: string;
  /** `http://127.0.0.1:PORT`; the same after a restart. */
  address: string;
  pid(): number;
  /** The number of restarts. */
  restarts(): number;
  /** Sends a signal and resolves once the process has ended. The function is then started again: see `up`. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Resolves once the function listens. */
  up(): Promise<void>;
  stop(): Promise<void>;
};

export type FunctionSpec = {
  /** The target's name, under which the source registers the function. */
  name: string;
  /** Path of the module that registers the function. */
  source: string;
  env: Readonly<Record<string, string>>;
  logFile: string;
  /** The port; 0 or none takes a free one. */
  port?: number;
  /** Ends the start, and only that. */
  signal?: AbortSignal | undefined;
};

const FRAMEWORK = join(dirname(createRequire(import.meta.url).resolve('@google-cloud/functions-framework')), 'main.js');
const CHILD = new URL('./child.ts', import.meta.url).href;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const START_MS = 30_000;
const RESTART_MS = { first: 50, most: 5000 };

/**
 * Starts a function and resolves once it listens. Rejects, with the end of its log, if it ends before that, or with the
 * reason of `signal`.
 */
export const startFunction = async (spec: FunctionSpec): Promise<FunctionProcess> => {
  const { signal } = spec;
  signal?.throwIfAborted();
  let port = spec.port ?? 0;
  let restarts = 0;
  let stopped = false;
  let current = launch(spec, port);
  const giveUp = (): void => current.group.signal('SIGKILL');
  signal?.addEventListener('abort', giveUp);
  try {
    port = await current.listening;
  } catch (error) {
    await current.group.stop(0);
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }

  const keep = async (): Promise<void> => {
    let pause = RESTART_MS.first;
    while (!stopped) {
      await current.group.ended;
      if (stopped) return;
      // Child processes of a killed function must not run beside its successor.
      current.group.signal('SIGKILL');
      restarts += 1;
      current = launch(spec, port);
      const failed = await current.listening.then(
        () => false,
        () => true,
      );
      pause = failed ? Math.min(2 * pause, RESTART_MS.most) : RESTART_MS.first;
      if (failed) await sleep(pause);
    }
  };
  const kept = keep();

  return {
    name: spec.name,
    address: `http://127.0.0.1:${port}`,
    pid: () => current.group.pid,
    restarts: () => restarts,
    kill: async (signal) => {
      const { group } = current;
      group.signal(signal);
      await group.ended;
    },
    up: async () => {
      while (!stopped && current.group.hasEnded()) await sleep(10);
      await current.listening;
    },
    stop: async () => {
      stopped = true;
      await current.group.stop();
      await kept;
    },
  };
};

type Launched = { group: Group; listening: Promise<number> };

const launch = ({ name, source, env, logFile }: FunctionSpec, port: number): Launched => {
  const args = ['--import', CHILD, FRAMEWORK, `--target=${name}`, `--source=${source}`, `--port=${port}`];
  const group = startGroup({ args, cwd: ROOT, env: environment(env), logFile });
  return { group, listening: listeningPort(group, name, logFile) };
};

/**
 * The environment of this process, without settings of Firebreak or of the framework that were meant for another
 * process.
 */
const environment = (own: Readonly<Record<string, string>>): NodeJS.ProcessEnv => {
  const inherited = Object.entries(process.env).filter(
    ([key]) => !/^(FIREBREAK_|FUNCTION_|PORT$|NODE_OPTIONS$)/.test(key),
  );
  return { ...Object.fromEntries(inherited), METADATA_SERVER_DETECTION: 'none', ...own };
};

const listeningPort = async (group: Group, name: string, logFile: string): Promise<number> => {
  const patience = new AbortController();
  try {
    return await Promise.race([
      new Promise<number>((resolve) => group.on('message', (message) => resolve(portOf(message)))),
      group.ended.then(async () => {
        throw new Error(`${name} ended before it listened. ${await lastLines(logFile)}`);
      }),
      sleep(START_MS, undefined, { signal: patience.signal }).then(() => {
        throw new Error(`${name} does not listen after ${START_MS / 1000} s: see ${logFile}.`);
      }),
    ]);
  } finally {
    patience.abort();
  }
};

const portOf = (message: unknown): number => {
  const port =
    typeof message === 'object' && message !== null && 'listening' in message ? message.listening : undefined;
  if (typeof port !== 'number') throw new Error('a function said something else than the port it listens on');
  return port;
};

const lastLines = async (logFile: string): Promise<string> => {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  const lines = text.trimEnd().split('\n').slice(-15);
  return `The end of ${logFile}:\n${lines.join('\n')}`;
};
