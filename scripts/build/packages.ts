import { z } from 'zod';

const lockFile = z.looseObject({
  packages: z.record(z.string(), z.looseObject({ version: z.string().optional(), license: z.string().optional() })),
});

/** A package as the lock file has it. `path`: its folder, from the root of the checkout. */
export type Package = { path: string; name: string; version: string; license: string };

const FOLDERS = 'node_modules/';
/** The folder of the innermost package that a file is of. */
const FOLDER = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;

/**
 * The packages that these files and folders are of, in the order of their folders.
 *
 * @throws Error if one of them is not in the lock file, or has no licence there.
 */
export const packagesOf = (paths: readonly string[], lock: unknown): Package[] => {
  const { packages } = lockFile.parse(lock);
  const folders = paths.flatMap((path) => {
    const at = path.indexOf(FOLDERS);
    return at === -1 ? [] : (FOLDER.exec(path.slice(at))?.[0] ?? []);
  });
  return [...new Set(folders)].sort().map((path) => {
    const { version, license } = packages[path] ?? {};
    if (version === undefined || license === undefined)
      throw new Error(`package-lock.json does not say the version and the licence of ${path}: run npm install`);
    return { path, name: path.slice(path.lastIndexOf(FOLDERS) + FOLDERS.length), version, license };
  });
};
