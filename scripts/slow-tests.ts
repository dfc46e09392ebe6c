/**
 * Tests that start processes or emulators, try every crash point, or process a day's entries: only `npm test` runs
 * them.
 */
export const SLOW = [
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
  'shared/detection/benign-day.test.ts',
];
