import { mkdtempSync, rmSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Lets this process, and those that it starts, share what Node.js compiles, until the result is called: a run of all
 * tests starts hundreds of processes from the same sources, and half of a start is compiling. The folder is temporary,
 * since some of these processes run copies of the sources that nobody runs again.
 */
export const shareCompiled = (): (() => void) => {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak compiled '));
  process.env.NODE_COMPILE_CACHE = folder;
  enableCompileCache(folder);
  return () => rmSync(folder, { recursive: true, force: true });
};
