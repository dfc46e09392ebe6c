import { runMocha, testFiles } from './mocha.ts';
import { runStatics, tell } from './steps.ts';

// Types, lint and unit tests: what one runs before every commit, in less than a minute.

const SLOW_FOLDERS = ['contracts', 'e2e', 'simulation', 'bench'];

const statics = runStatics();
const began = performance.now();
const { passed, failed } = await runMocha(testFiles(SLOW_FOLDERS));
tell(`unit tests: ${passed} passed, ${failed} failed`, failed === 0, performance.now() - began);
process.exit(statics.failed + failed === 0 ? 0 : 1);
