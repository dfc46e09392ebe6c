import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';
import { type Group, startGroup } from '../group.ts';

/** One of Google's emulators as a child process. `host`: `127.0.0.1:PORT`. */
export type EmulatorProcess = { host: string; stop(): Promise<void> };

const GUARD = fileURLToPath(new URL('../guard.ts', import.meta.url));
const START_MS = 30_000;

/**
 * Starts an emulator on a free port and resolves once it answers. Its program starts Java as a child: both are in one
 * process group, which ends as a whole, even if the process that started it is killed.
 *
 * @throws Error with a sentence that names the log file, if the emulator does not come up.
 */
export const startEmulatorProcess = async (options: {
  program: string;
  args: readonly string[];
  logFile: string;
}): Promise<EmulatorProcess> => {
  const { program, args, logFile } = options;
  // Without this, the client library looks for a metadata server, which exists only on Google Cloud.
  process.env.METADATA_SERVER_DETECTION ??= 'none';
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const group = startGroup({
    args: [GUARD, program, ...args, '--host=127.0.0.1', `--port=${port}`],
    cwd: process.cwd(),
    env: process.env,
    logFile,
  });
  try {
    await answers(`http://${host}/`, group, program, logFile);
  } catch (thrown) {
    await group.stop();
    throw thrown;
  }
  return { host, stop: () => group.stop() };
};

const answers = async (url: string, group: Group, program: string, logFile: string): Promise<void> => {
  for (const until = Date.now() + START_MS; Date.now() < until; await sleep(100)) {
    if (group.hasEnded()) throw new Error(`${program} ended at once: see ${logFile}`);
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok === true) return;
  }
  throw new Error(`${program} does not answer after ${START_MS / 1000} s: see ${logFile}`);
};
