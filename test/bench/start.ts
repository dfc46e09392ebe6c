import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ROOT } from '../../scripts/steps.ts';

/** A function to measure: its package or module, and its settings. */
export type Subject = { source: string; target: string; env?: Readonly<Record<string, string>> };

/** A running process of a function. */
export type Started = { url: string; pid: number; stop(): Promise<void> };

const FRAMEWORK = join(dirname(createRequire(import.meta.url).resolve('@google-cloud/functions-framework')), 'main.js');

/**
 * Reports the port, and ends the process with its parent. In plain JavaScript, so that it adds next to nothing to
 * either side of a ratio.
 */
const HOOK = `data:text/javascript,${encodeURIComponent(`
import { subscribe } from 'node:diagnostics_channel';
import { Server } from 'node:net';
subscribe('tracing:net.server.listen:asyncEnd', ({ server }) => {
  if (server instanceof Server) process.send?.({ listening: server.address().port });
});
process.on('disconnect', () => process.exit());
`)}`;

const environment = (own: Readonly<Record<string, string>>): NodeJS.ProcessEnv => {
  const kept = Object.entries(process.env).filter(([key]) => !/^(FIREBREAK_|FUNCTION_|PORT$|NODE_OPTIONS$)/.test(key));
  return { ...Object.fromEntries(kept), METADATA_SERVER_DETECTION: 'none', NODE_ENV: 'production', ...own };
};

const portOf = async (child: ChildProcess): Promise<number> => {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-2000);
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`it ended before it listened: ${said}`);
  });
  const [message] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => {});
  return Number(message.listening);
};

/** Starts a function under the framework, as in production, and resolves once it listens. */
export const start = async ({ source, target, env = {} }: Subject): Promise<Started> => {
  const args = ['--import', HOOK, FRAMEWORK, `--target=${target}`, `--source=${source}`, '--port=0'];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: environment(env),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const gone = once(child, 'exit');
  const port = await portOf(child);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
};

/** Sends a message in the form in which Pub/Sub pushes it. */
export const push = async (url: string, topic: string, body: unknown, id = '1'): Promise<void> => {
  const message = { messageId: id, data: Buffer.from(JSON.stringify(body)).toString('base64') };
  const response = await fetch(`${url}/projects/p1/topics/firebreak-${topic}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ subscription: 'projects/p1/subscriptions/bench', message }),
  });
  const text = await response.text();
  if (response.status !== 204) throw new Error(`answered ${response.status}: ${text.slice(0, 500)}`);
};

/** Resident memory of a process, in bytes. */
export const residentBytes = (pid: number): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kilobytes === undefined) throw new Error('this system does not tell the memory of a process');
  return Number(kilobytes) * 1024;
};
