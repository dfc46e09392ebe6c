import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { ROOT } from '../steps.ts';
import { leanDefinitions } from './lean-definitions.ts';
import { forBundler } from './own-code.ts';

const MAJOR = 24;

/**
 * The start of the file, written so that an old Node.js can read and run it. The command itself is in a function that
 * an old Node.js does not call.
 */
const HEAD = `#!/usr/bin/env node
import { createRequire } from 'node:module';
if (Number.parseInt(process.versions.node, 10) >= ${MAJOR}) {
  firebreak(createRequire(import.meta.url), import.meta.url);
} else {
  process.stderr.write('firebreak: this is Node.js ' + process.versions.node + ', and ${MAJOR} or newer is needed: install it.\\n');
  process.exitCode = 1;
}
function firebreak(require, MODULE_URL) {
  const module = { exports: {} };
  const exports = module.exports;
  const __filename = require('node:url').fileURLToPath(MODULE_URL);
  const __dirname = require('node:path').dirname(__filename);`;

const ENTRY = `
import { main } from './cli/main.ts';
import { processIo } from './cli/io.ts';
main(process.argv.slice(2), processIo()).then((code) => {
  process.exitCode = code;
});`;

const SHIPPED = ['policy.yaml', 'rules.yaml'];

/**
 * Includes the shipped settings as texts. Replaces the start of a stack by an error with a sentence, since a stack
 * needs the functions as files.
 */
const oneFile: Plugin = {
  name: 'one-file',
  setup: (plugin) => {
    plugin.onLoad({ filter: /[\\/]cli[\\/]shipped\.ts$/ }, async () => {
      const texts = await Promise.all(
        SHIPPED.map(async (name) => [name, await readFile(join(ROOT, 'config', name), 'utf8')]),
      );
      const table = JSON.stringify(Object.fromEntries(texts));
      return {
        loader: 'js',
        contents: `const TEXTS = ${table}; export const shippedText = async (name) => TEXTS[name];`,
      };
    });
    plugin.onLoad({ filter: /[\\/]shared[\\/]cel\.ts$/ }, async ({ path }) => ({
      loader: 'ts',
      contents: forBundler(await readFile(path, 'utf8')),
    }));
    plugin.onLoad({ filter: /[\\/]local[\\/]stack\.ts$/ }, () => ({
      loader: 'js',
      contents: `export const startStack = async () => {
        throw new Error('this one file has no functions to run here: get the repository, run npm ci, and there npx firebreak');
      };`,
    }));
  },
};

/**
 * The command line in one file that needs only Node.js, and the source files that it is made from. Commands that it
 * cannot run say so.
 */
export const cliFile = async (): Promise<{ bytes: Uint8Array; inputs: readonly string[] }> => {
  const { outputFiles, metafile } = await build({
    absWorkingDir: resolve(ROOT),
    stdin: { contents: ENTRY, resolveDir: resolve(ROOT), sourcefile: 'firebreak.mjs', loader: 'ts' },
    bundle: true,
    write: false,
    metafile: true,
    format: 'cjs',
    platform: 'node',
    // Any Node.js parses the whole file before it runs the first line.
    target: 'node18',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    define: { 'import.meta.url': 'MODULE_URL' },
    banner: { js: HEAD },
    footer: { js: '}' },
    plugins: [oneFile, leanDefinitions],
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('the bundler gave no file');
  return { bytes: file.contents, inputs: Object.keys(metafile.inputs) };
};
