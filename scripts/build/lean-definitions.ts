import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { COMPUTE_METHODS } from '../../shared/adapters/compute-methods.ts';
import { prunedDefinitions } from './pruned-definitions.ts';

/** What is called of each API, by the package of its client; the names of its services are below `path`. */
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

/**
 * Bundles clients with the definitions of what is called, as a text for JSON.parse: as the object literal that a bundler
 * makes of JSON they would cost more than all of the library's own.
 */
export const leanDefinitions: Plugin = {
  name: 'lean-definitions',
  setup: (build) => {
    build.onLoad({ filter: DEFINITIONS }, async ({ path: file }) => {
      const called = CALLED[DEFINITIONS.exec(file)?.[1] ?? ''];
      if (called === undefined) return undefined;
      const pruned = prunedDefinitions(JSON.parse(await readFile(file, 'utf8')), called.path, called.methods);
      return { loader: 'js', contents: `module.exports = JSON.parse(${JSON.stringify(JSON.stringify(pruned))});` };
    });
  },
};
