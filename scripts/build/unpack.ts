import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import type { FunctionName } from '../../shared/model/ids.ts';
import { ROOT } from '../steps.ts';
import { type BuiltFiles, FRAMEWORK } from './bundle.ts';

/**
 * Writes what archives hold into `folder`, a folder for each function, and installs functions-framework beside them as
 * `npm ci` would, by a link to the checkout's own, which is the locked version. What was in the folder is removed.
 */
export const install = (functions: ReadonlyMap<FunctionName, BuiltFiles>, folder: string): void => {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, files] of functions) {
    for (const [path, contents] of files) {
      const file = join(folder, name, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, contents);
    }
  }
  const link = join(folder, 'node_modules', FRAMEWORK);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(resolve(ROOT, 'node_modules', FRAMEWORK), link, 'dir');
};

/** Unpacks archives into `folder`. */
export const unpack = (archives: ReadonlyMap<FunctionName, Uint8Array>, folder: string): void => {
  const unzipped = [...archives].map(([name, bytes]): [FunctionName, BuiltFiles] => [
    name,
    new Map(Object.entries(unzipSync(bytes))),
  ]);
  install(new Map(unzipped), folder);
};
