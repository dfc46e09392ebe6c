import { isAbsolute } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Refuses `import('a-package')` in our own files: of a CommonJS package the bundle would give only `default`, which is seen
 * when the function starts and not before. A file of ours that imports the package can be imported lazily.
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
