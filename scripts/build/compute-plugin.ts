import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { COMPUTE_METHODS } from '../../shared/adapters/compute-methods.ts';
import { prunedDefinitions } from './compute-definitions.ts';

const DEFINITIONS = /@google-cloud[\\/]compute[\\/]build[\\/]protos[\\/]protos\.json$/;

/**
 * Bundles the Compute client with the definitions of what is called, as a text for JSON.parse: as the object literal
 * that a bundler makes of JSON they would cost more than all of the library's own.
 */
export const prunedCompute: Plugin = {
  name: 'pruned-compute',
  setup: (build) => {
    build.onLoad({ filter: DEFINITIONS }, async ({ path }) => {
      const pruned = prunedDefinitions(JSON.parse(await readFile(path, 'utf8')), COMPUTE_METHODS);
      return { loader: 'js', contents: `module.exports = JSON.parse(${JSON.stringify(JSON.stringify(pruned))});` };
    });
  },
};
