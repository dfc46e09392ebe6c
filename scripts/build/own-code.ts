import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { ROOT } from '../steps.ts';

/** `z` is an object that holds all of the library, messages in sixty languages included. */
const WHOLE_ZOD = /^import \{ z \} from 'zod';$/m;
const LAZY = /\bimport\('(\.{1,2}\/[^']+)'\)/g;
const STATIC = /^(?:import|export) (?!type )[^;]*?from '([^']+)';$/gm;

/** A library that is loaded in the middle of a call: a bundle holds it, and runs it there. */
const CALLED_FOR = /\bcreateRequire\(import\.meta\.url\)\(/g;

/** What a text says of libraries, as the bundler takes it. */
export const forBundler = (text: string): string => text.replace(CALLED_FOR, 'require(');

/** What every function needs at its start; any other library is worth waiting for until it is called, those of Node.js too. */
const LIGHT = /^(node:(?!sqlite|https)|zod$|zod\/|yaml$|@marcbachmann\/cel-js$)/;

const known = new Map<string, boolean>();

/** Whether importing a file of ours loads a heavy library. */
const isHeavy = (path: string): boolean => {
  const seen = known.get(path);
  if (seen !== undefined) return seen;
  known.set(path, false);
  const imported = [...readFileSync(path, 'utf8').matchAll(STATIC)].map(([, to = '']) => to);
  const heavy = imported.some((to) => (to.startsWith('.') ? isHeavy(resolve(dirname(path), to)) : !LIGHT.test(to)));
  known.set(path, heavy);
  return heavy;
};

/** A line of no function that waits. */
const WAITS = /^(?!.*\basync\b)(?!\/)\S.*\bawait\b/m;
const LAST_IMPORT = /^[\s\S]*^import [^;]*;\n/m;

const CALL_EACH = resolve(ROOT, 'scripts/build/call-each.ts');

/**
 * A module that waits for something before it is there, as an entry does. A script cannot, so what it exports is the wait:
 * `started`, for the ports that it has. Beside it `callEach`, for compile.mjs.
 */
const asWait = (text: string, folder: string): string => {
  const imports = LAST_IMPORT.exec(text)?.[0] ?? '';
  const body = text.slice(imports.length);
  if (!WAITS.test(body)) return text;
  const callEach = relative(folder, CALL_EACH).replaceAll('\\', '/');
  return `${imports}export { callEach } from '${callEach.startsWith('.') ? callEach : `./${callEach}`}';
export const started = (async () => {
${body}return typeof ports === 'undefined' ? {} : ports;
})();
`;
};

/** What a function starts with is one file: each further one is found, read and linked on its own, about 1 ms. */
const atOnce = (text: string, folder: string): string => {
  const modules = new Map<string, string>();
  const code = text.replace(LAZY, (written, path: string) => {
    if (!path.endsWith('.ts') || isHeavy(resolve(folder, path))) return written;
    const name = modules.get(path) ?? `imported${modules.size}`;
    modules.set(path, name);
    return `Promise.resolve(${name})`;
  });
  return [...modules].map(([path, name]) => `import * as ${name} from '${path}';`).join('\n') + `\n${code}`;
};

/**
 * Our own files as they are bundled. Of zod only what is used: as a namespace the bundler sees through it. Modules that
 * the sources import lazily, so that a process of the sources need not strip their types, are part of the whole, except
 * around heavy libraries. None does anything by being imported, so that what is not used is left out.
 */
export const ownCode: Plugin = {
  name: 'own-code',
  setup: (build) => {
    build.onStart(() => known.clear());
    build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === ownCode) return undefined;
      const found = await build.resolve(path, { ...from, pluginData: ownCode });
      return { ...found, sideEffects: false };
    });
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (/[\\/]node_modules[\\/]/.test(path)) return undefined;
      const text = forBundler(await readFile(path, 'utf8')).replace(WHOLE_ZOD, "import * as z from 'zod';");
      return { loader: 'ts', contents: atOnce(asWait(text, dirname(path)), dirname(path)) };
    });
  },
};
