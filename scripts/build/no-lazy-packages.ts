import { isAbsolute } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Refuses `import('a-package')` in Firebreak's own files. For a CommonJS package the bundle would give only `default`,
 * which fails no earlier than the function's start. Instead, an own file can import the package and be imported lazily
 * itself.
 */
export const noLazyPackages: Plugin = {
  name: 'no-lazy-packages',
  setup: (build) => {
    build.onResolve({ filter: /^[^.]/ }, ({ kind, path, importer }) => {
      const own = !/[\\/]node_modules[\\/]/.test(importer);
      if (kind !== 'dynamic-import' || !own || path.startsWith('node:') || isAbsolute(path)) return undefined;
      return { errors: [{ text: `import('${path}'): import the package in a file of ours, and that file lazily` }] };
    });
  },
};
