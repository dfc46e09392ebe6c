import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { COMPUTE_METHODS } from '../../shared/adapters/compute-methods.ts';
import { prunedDefinitions } from './pruned-definitions.ts';

/** The methods called of each API, by the package of its client; `path` leads to its services in the definitions. */
const CALLED: Readonly<Record<string, { path: readonly string[]; methods: readonly string[] }>> = {
  compute: { path: ['google', 'cloud', 'compute', 'v1'], methods: COMPUTE_METHODS },
  // Reads and writes of documents by id, and queries: shared/adapters/store-firestore.ts.
  'firestore-api': {
    path: ['google', 'firestore', 'v1'],
    methods: ['Firestore.BatchGetDocuments', 'Firestore.Commit', 'Firestore.RunQuery'],
  },
  'pubsub-api': { path: ['google', 'pubsub', 'v1'], methods: ['Publisher.Publish'] },
};

const DEFINITIONS = /@google-cloud[\\/](compute|firestore-api|pubsub-api)[\\/]build[\\/]protos[\\/]protos\.json$/;

const COMPUTE_CLIENT = /@google-cloud[\\/]compute[\\/]build[\\/]src[\\/]v1[\\/](\w+)_client\.js$/;

/**
 * Bundles clients with only the definitions of the called methods, as a text for JSON.parse. The object literal that a
 * bundler makes of JSON would cost more than the rest of the library.
 */
export const leanDefinitions: Plugin = {
  name: 'lean-definitions',
  setup: (build) => {
    // Each client of Compute Engine is for one service, and gets only that service's definitions.
    build.onResolve({ filter: /protos\.json$/ }, ({ path, importer, resolveDir }) => {
      const file = COMPUTE_CLIENT.exec(importer)?.[1];
      if (file === undefined) return undefined;
      return {
        path: join(resolveDir, path),
        suffix: `?${file.replace(/(?:^|_)(.)/g, (_, first: string) => first.toUpperCase())}`,
      };
    });
    build.onLoad({ filter: DEFINITIONS }, async ({ path: file, suffix }) => {
      const called = CALLED[DEFINITIONS.exec(file)?.[1] ?? ''];
      if (called === undefined) return undefined;
      const methods = called.methods.filter((name) => suffix === '' || name.startsWith(`${suffix.slice(1)}.`));
      const pruned = prunedDefinitions(JSON.parse(await readFile(file, 'utf8')), called.path, methods);
      return { loader: 'js', contents: `module.exports = JSON.parse(${JSON.stringify(JSON.stringify(pruned))});` };
    });
  },
};
