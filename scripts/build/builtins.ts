import { builtinModules } from 'node:module';
import { relative, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { ROOT } from '../steps.ts';

const NAMES = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`), 'node:sqlite']);

/**
 * Loads Node.js' built-in modules with `require`. For an `import`, Node.js reads every export of a module at once,
 * including those that it would load at their first use: for `node:http` that is a whole HTTP client, 15 ms at each
 * start.
 */
export const builtinsByRequire: Plugin = {
  name: 'builtins-by-require',
  setup: (build) => {
    build.onResolve({ filter: /^[a-z0-9:_/]+$/ }, ({ path, kind, importer }) =>
      // A separate module for each importer: one shared by all would become another chunk.
      kind === 'import-statement' && NAMES.has(path)
        ? { path, suffix: `?${relative(resolve(ROOT), importer)}`, namespace: 'builtin' }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      loader: 'js',
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};
