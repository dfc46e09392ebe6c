import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { ROOT } from '../steps.ts';

/** The import of `z`, an object that holds the whole library, including messages in sixty languages. */
const WHOLE_ZOD = /^import \{ z \} from 'zod';$/m;
const LAZY = /\bimport\('(\.{1,2}\/[^']+)'\)/g;
const STATIC = /^(?:import|export) (?!type )[^;]*?from '([^']+)';$/gm;

/** Loads a library in the middle of a call. The bundle contains the library and runs it at that point. */
const CALLED_FOR = /\bcreateRequire\(import\.meta\.url\)\(/g;

/** Rewrites such loads into `require` calls, which the bundler follows. */
export const forBundler = (text: string): string => text.replace(CALLED_FOR, 'require(');

/**
 * Modules that every function needs at its start. All others are heavy, some of Node.js' included, and are loaded when
 * they are used.
 */
const LIGHT = /^(node:(?!sqlite|https)|zod$|zod\/|yaml$|@marcbachmann\/cel-js$)/;

const known = new Map<string, boolean>();

/** Whether importing an own file loads a heavy library. */
const isHeavy = (path: string): boolean => {
  const seen = known.get(path);
  if (seen !== undefined) return seen;
  known.set(path, false);
  const imported = [...readFileSync(path, 'utf8').matchAll(STATIC)].map(([, to = '']) => to);
  const heavy = imported.some((to) => (to.startsWith('.') ? isHeavy(resolve(dirname(path), to)) : !LIGHT.test(to)));
  known.set(path, heavy);
  return heavy;
};

/**
 * Matches a top-level line that awaits something outside of any function. A line that begins with a bracket ends what
 * another one began, such as the parameters of a function.
 */
const WAITS = /^(?!.*\basync\b)(?![/)}\]])\S.*\bawait\b/m;
const LAST_IMPORT = /^[\s\S]*^import [^;]*;\n/m;

const CALL_EACH = resolve(ROOT, 'scripts/build/call-each.ts');

/**
 * A module with a top-level await, such as an entry. A script cannot have one, so the module is changed to export the
 * wait: `started`, which resolves with the module's ports. Also exports `callEach`, for compile.mjs.
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

/**
 * Imports light modules directly instead of lazily, so that a function starts with one file: finding, reading and
 * linking each further file takes about 1 ms.
 */
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
 * Firebreak's own files in the form for the bundler. Imports zod as a namespace, so that the bundler drops its unused
 * parts. Modules that the sources import lazily, to avoid stripping their types at each start, are imported directly,
 * unless they load heavy libraries. No own module has side effects when imported, so unused ones are dropped.
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
