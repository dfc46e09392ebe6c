import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../steps.ts';
import type { BuiltFiles } from './bundle.ts';

/** The module that keeps what V8 compiles. */
export const COMPILE = 'compile.mjs';
const START = 'index.mjs';
const FILES = [START, COMPILE, 'load.mjs'];

/** How package.json says by what a function is started, and what Google's build of a Node.js service runs after `npm ci`. */
export const STARTED_BY = { type: 'commonjs', main: START, scripts: { 'gcp-build': `node ${COMPILE}` } } as const;

/** What stands beside the bundle in every archive, as it is in `runtime/`. */
export const startFiles = (): BuiltFiles =>
  new Map(FILES.map((name) => [name, readFileSync(join(ROOT, 'scripts', 'build', 'runtime', name))]));
