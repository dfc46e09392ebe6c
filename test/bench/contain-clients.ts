import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { bundle } from '../../scripts/build/bundle.ts';
import { ROOT } from '../../scripts/steps.ts';
import { startCloudStub } from './cloud-stub.ts';
import { PRODUCTION } from './settings.ts';
import { push, type Subject } from './start.ts';

const ENTRY = 'test/bench/processes/contain-clients.ts';

const written = (folder: string, files: ReadonlyMap<string, Uint8Array>): string => {
  for (const [name, contents] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), contents);
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module","main":"index.js"}');
  return folder;
};

/** With every library imported from node_modules, as without a build; our own code is one file here too. */
const plain = async (folder: string): Promise<string> => {
  const { outputFiles } = await build({
    absWorkingDir: resolve(ROOT),
    entryPoints: { index: ENTRY },
    outdir: 'dist',
    bundle: true,
    write: false,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('the bundler gave no file');
  return written(folder, new Map([['index.js', file.contents]]));
};

/** contain with all its clients, as it is built or with plain imports, in a cloud where nothing is. */
export const containClients = async (
  how: 'built' | 'plain',
): Promise<{ subject: Subject; ask(url: string): Promise<void>; stop(): Promise<void> }> => {
  // Below the checkout, since the packages are looked for from there.
  const folder = join(ROOT, 'dist', 'bench', `contain-${how}`);
  const source = how === 'built' ? written(folder, (await bundle(ENTRY)).files) : await plain(folder);
  const cloud = await startCloudStub();
  return {
    subject: { source, target: 'contain', env: { ...PRODUCTION, ...cloud.env } },
    ask: (url) => push(url, 'containment', { incident: 'i-0123456789ab-1' }),
    stop: cloud.stop,
  };
};
