import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Node, treeOf } from '../../../cli/completion/tree.ts';
import { programOf } from '../../../cli/main.ts';
import { captured } from '../kit.ts';

/** The tree of the real command line. */
export const wholeTree = async (): Promise<Node> => treeOf(await programOf(captured().io));

/** Whether this shell is installed. */
export const hasShell = (name: string): boolean =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true);

/** Writes a script to a file for as long as `use` runs: a shell does not read one from a socket. */
export const asFile = <T>(script: string, use: (path: string) => T): T => {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-completion-'));
  try {
    const path = join(folder, 'script');
    writeFileSync(path, script);
    return use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
};
