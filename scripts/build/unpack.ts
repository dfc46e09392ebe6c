import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import type { FunctionName } from '../../shared/model/ids.ts';
import { ROOT } from '../steps.ts';
import { type BuiltFiles, FRAMEWORK } from './bundle.ts';
import { COMPILE } from './start-files.ts';

/** Writes files into `folder` and removes its earlier contents. */
export const write = (files: BuiltFiles, folder: string): void => {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, contents] of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
};

/** The last step of the service's build: `npm run gcp-build`, with the Node.js that will run the function. */
export const compile = (folder: string): void => {
  execFileSync(process.execPath, [COMPILE], { cwd: folder, stdio: 'ignore', timeout: 120_000 });
};

/**
 * Writes the files of archives into `folder`, one folder per function, and then does what the service's build does.
 * functions-framework is installed as by `npm ci`, with a link to the checkout's copy, which is the locked version.
 * V8's code cache is filled. Earlier contents of the folder are removed.
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
