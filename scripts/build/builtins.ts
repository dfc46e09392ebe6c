import { builtinModules } from 'node:module';
import { relative, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { ROOT } from '../steps.ts';

const NAMES = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`), 'node:sqlite']);

/**
 * Takes what Node.js has built in by `require`. For an `import` Node.js reads every export of a module at once, those too that
 * it would load at their first use: with `node:http` comes a whole client, 15 ms at each start.
 */
export const builtinsByRequire: Plugin = {
  name: 'builtins-by-require',
  setup: (build) => {
    build.onResolve({ filter: /^[a-z0-9:_/]+$/ }, ({ path, kind, importer }) =>
      // A module of its own for each that imports it: one for all would be another chunk.
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
