import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import type { FunctionName } from '../../shared/model/ids.ts';
import { ROOT } from '../steps.ts';
import { type BuiltFiles, FRAMEWORK } from './bundle.ts';
import { COMPILE } from './start-files.ts';

/** Writes files into `folder`, and what was there goes. */
export const write = (files: BuiltFiles, folder: string): void => {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, contents] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
};

/** What the build of the service does last: `npm run gcp-build`, with the Node.js that will run the function. */
export const compile = (folder: string): void => {
  execFileSync(process.execPath, [COMPILE], { cwd: folder, stdio: 'ignore', timeout: 120_000 });
};

/**
 * Writes what archives hold into `folder`, a folder for each function, and does with them what the build of the service
 * does: functions-framework is installed beside them as by `npm ci`, by a link to the checkout's own, which is the locked
 * version, and what V8 compiles is kept. What was in the folder is removed.
 */
export const install = (functions: ReadonlyMap<FunctionName, BuiltFiles>, folder: string): void => {
  rmSync(folder, { recursive: true, force: true });
  const link = join(folder, 'node_modules', FRAMEWORK);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(resolve(ROOT, 'node_modules', FRAMEWORK), link, 'dir');
  for (const [name, files] of functions) {
    write(files, join(folder, name));
    compile(join(folder, name));
  }
};

/** Unpacks archives into `folder`. */
export const unpack = (archives: ReadonlyMap<FunctionName, Uint8Array>, folder: string): void => {
  const unzipped = [...archives].map(([name, bytes]): [FunctionName, BuiltFiles] => [
    name,
    new Map(Object.entries(unzipSync(bytes))),
  ]);
  install(new Map(unzipped), folder);
};
