import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../local/alive.ts';

const POLL_MS = 500;

const taken = (path: string): boolean => {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false;
    throw thrown;
  }
};

const ownerOf = (path: string): number | undefined => {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Holds a file as a lock while `work` runs. Waits while another living process holds the lock; the lock of a dead
 * process is removed. `waiting` is called once, before the first wait, with the owner's process id.
 */
export const withLock = async <T>(
  path: string,
  waiting: (pid: number | undefined) => void,
  work: () => Promise<T>,
): Promise<T> => {
  for (let told = false; !taken(path); ) {
    const owner = ownerOf(path);
    // A lock file without an owner in it is just being written.
    if (owner !== undefined && !isAlive(owner)) rmSync(path, { force: true });
    else {
      if (!told) waiting(owner);
      told = true;
      await sleep(POLL_MS);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
};
