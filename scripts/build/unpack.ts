import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import type { FunctionName } from '../../shared/model/ids.ts';
import { ROOT } from '../steps.ts';
import { FRAMEWORK } from './bundle.ts';

/**
 * Unpacks archives into `folder`, a folder for each function, and installs functions-framework beside them as `npm ci`
 * would, by a link to the checkout's own, which is the locked version. What was in the folder is removed.
 */
export const unpack = (archives: ReadonlyMap<FunctionName, Uint8Array>, folder: string): void => {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, bytes] of archives) {
    for (const [path, contents] of Object.entries(unzipSync(bytes))) {
      const file = join(folder, name, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, contents);
    }
  }
  const link = join(folder, 'node_modules', FRAMEWORK);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(resolve(ROOT, 'node_modules', FRAMEWORK), link, 'dir');
};
