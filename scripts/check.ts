import { availableParallelism } from 'node:os';
import { runMocha, testFiles } from './mocha.ts';
import { runStatics, tell } from './steps.ts';

// Types, lint and unit tests: run before every commit, in less than a minute.

/**
 * Tests that start processes or emulators, try every crash point, mangle thousands of payloads, or process a day's
 * entries: only `npm test` runs them.
 */
const SLOW = [
  'apiserver/',
  'bench/',
  'contracts/',
  'e2e/',
  'simulation/',
  'functions/decide/contention.test.ts',
  'functions/decide/crash.test.ts',
  'functions/notify/storm.test.ts',
  'local/broker/emulator.test.ts',
  'local/processes.test.ts',
  'local/stack.test.ts',
  'shared/regular-expressions.test.ts',
  'scripts/bench.test.ts',
  'scripts/build/',
  'shared/adapters/compute.test.ts',
  'shared/adapters/evidence-storage.test.ts',
  'shared/adapters/store-firestore.test.ts',
  'shared/containment/rising.test.ts',
  'shared/decision/room.test.ts',
  'shared/detection/benign-day.test.ts',
  'shared/detection/hostile.test.ts',
  'shared/sources/hostile.test.ts',
];

/** More processes would load the same modules more often than they save time. */
const MOST = 4;

const statics = runStatics();
const began = performance.now();
const { passed, failed } = await runMocha(testFiles(SLOW), Math.min(availableParallelism(), MOST));
tell(`unit tests: ${passed} passed, ${failed} failed`, failed === 0, performance.now() - began);
process.exit(statics.failed + failed === 0 ? 0 : 1);
