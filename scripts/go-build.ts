import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';

const QUIET_MS = 2_000;
const AGAIN_MS = 15_000;

/** Prints a line. */
export const tell = (text: string): void => void process.stdout.write(`${text}\n`);
/** How long ago a reading of `performance.now()` was. */
export const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** A program to be built: the package `source`, as the Go module in the folder `module` pins it, into the file `to`. */
type GoProgram = { name: string; module: string; source: string; to: string; flags: string };

/** Builds a program with Go, which may take many minutes, and tells how far it is. Throws if Go does not build it. */
export const goBuild = async ({ name, module, source, to, flags }: GoProgram): Promise<void> => {
  const began = performance.now();
  const args = ['build', '-trimpath', '-ldflags', flags, '-o', to, source];
  const child = spawn('go', args, { cwd: module, stdio: ['ignore', 'inherit', 'inherit'] });
  // Low priority: the machine may be in use, and no test measures anything during this build.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const say = (): void => tell(`building ${name}: ${seconds(began)} so far`);
  const timers: NodeJS.Timeout[] = [setTimeout(say, QUIET_MS), setInterval(say, AGAIN_MS)];
  const ended = once(child, 'exit').catch((cause: unknown) => {
    throw new Error(`Go, which builds ${name}, cannot be started: install it, and put it on the PATH.`, { cause });
  });
  const [code] = await ended.finally(() => timers.forEach((timer) => void clearTimeout(timer)));
  if (code !== 0) throw new Error(`go build ended with ${code}: ${name} was not built; see above.`);
  tell(`built ${name} in ${seconds(began)}`);
};
