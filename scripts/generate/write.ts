import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Files } from './files.ts';

/**
 * How the files on disk differ from the generated ones; paths below the root. `left`: files that are no longer
 * generated.
 */
type Difference = { stale: string[]; left: string[] };

const readIf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

const listed = (root: string, folder: string): string[] => {
  try {
    return readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
  } catch {
    return [];
  }
};

/**
 * Compares files on disk with the generated ones. `owned`: folders with only generated files, in which any other file
 * counts as left over.
 */
export const compare = (root: string, files: Files, owned: readonly string[]): Difference => ({
  stale: [...files].filter(([path, content]) => readIf(join(root, path)) !== content).map(([path]) => path),
  left: owned.flatMap((folder) => listed(root, folder)).filter((path) => !files.has(path)),
});

/** Writes stale files and removes those left over. */
export const bringUpToDate = (root: string, files: Files, { stale, left }: Difference): void => {
  for (const path of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), files.get(path) ?? '');
  }
  for (const path of left) rmSync(join(root, path));
};
