import { availableParallelism } from 'node:os';
import { runMocha, testFiles } from './mocha.ts';
import { SLOW } from './slow-tests.ts';
import { runStatics, tell } from './steps.ts';

// Types, lint and unit tests: run before every commit, in less than a minute.

/** More processes would load the same modules more often than they save time. */
const MOST = 4;

const statics = runStatics();
const began = performance.now();
const { passed, failed } = await runMocha(testFiles(SLOW), Math.min(availableParallelism(), MOST));
tell(`unit tests: ${passed} passed, ${failed} failed`, failed === 0, performance.now() - began);
process.exit(statics.failed + failed === 0 ? 0 : 1);
