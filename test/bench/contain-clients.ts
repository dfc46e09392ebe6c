import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { bundle } from '../../scripts/build/bundle.ts';
import { STARTED_BY, startFiles } from '../../scripts/build/start-files.ts';
import { compile, write } from '../../scripts/build/unpack.ts';
import { ROOT } from '../../scripts/steps.ts';
import { startCloudStub } from './cloud-stub.ts';
import { PRODUCTION } from './settings.ts';
import { push, type Subject } from './start.ts';

const ENTRY = 'test/bench/processes/contain-clients.ts';

const packageJson = (fields: Record<string, unknown>): [string, Uint8Array] => [
  'package.json',
  new TextEncoder().encode(JSON.stringify({ name: 'firebreak-contain', ...fields })),
];

/** The function as it is deployed, with the code cache that the service's build makes. */
const built = async (folder: string): Promise<string> => {
  const { files } = await bundle(ENTRY);
  write(new Map([...files, ...startFiles(), packageJson(STARTED_BY)]), folder);
  compile(folder);
  return folder;
};

/**
 * The function as without a build: all libraries are imported from node_modules. Firebreak's own code is one file here
 * too.
 */
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
  write(new Map([['index.js', file.contents], packageJson({ type: 'module', main: 'index.js' })]), folder);
  return folder;
};

/** contain with all its clients, built or with plain imports, in a cloud where nothing exists. */
export const containClients = async (
  how: 'built' | 'plain',
): Promise<{ subject: Subject; ask(url: string): Promise<void>; stop(): Promise<void> }> => {
  // Below the checkout, so that the packages in its node_modules are found.
  const folder = join(ROOT, 'dist', 'bench', `contain-${how}`);
  const source = await (how === 'built' ? built : plain)(folder);
  const cloud = await startCloudStub();
  return {
    subject: { source, target: 'contain', env: { ...PRODUCTION, ...cloud.env } },
    ask: (url) => push(url, 'containment', { incident: 'i-0123456789ab-1' }),
    stop: cloud.stop,
  };
};
