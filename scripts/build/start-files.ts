import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../steps.ts';
import type { BuiltFiles } from './bundle.ts';

/** The module that fills V8's code cache. */
export const COMPILE = 'compile.mjs';
const START = 'index.mjs';
const FILES = [START, COMPILE, 'load.mjs'];

/**
 * Fields of package.json: the module that starts a function, and the command that Google's build of a Node.js service
 * runs after `npm ci`.
 */
export const STARTED_BY = { type: 'commonjs', main: START, scripts: { 'gcp-build': `node ${COMPILE}` } } as const;

/** The files beside the bundle in every archive, copied from `runtime/`. */
export const startFiles = (): BuiltFiles =>
  new Map(FILES.map((name) => [name, readFileSync(join(ROOT, 'scripts', 'build', 'runtime', name))]));
