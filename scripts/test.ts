import { sentenceOf } from '../shared/errors.ts';
import { type BackendName, probe, requiredBackends } from '../test/require.ts';
import { shareCompiled } from './compiled.ts';
import { END_TO_END_JOBS, endToEndFiles, runMocha, sumOf, testFiles } from './mocha.ts';
import { runStatics } from './steps.ts';

// Types, lint and every test that this machine can run; then the tests that could not run, with reasons.

/** Ends the run with a sentence, before a minute of types and lint, where the variable names what nobody knows. */
const required = (): BackendName[] => {
  try {
    return requiredBackends();
  } catch (thrown) {
    process.stderr.write(`${sentenceOf(thrown)}\n`);
    return process.exit(2);
  }
};

const missing = required().flatMap((name) => {
  const { available, reason } = probe(name);
  return available ? [] : [`FIREBREAK_REQUIRE demands ${name}: ${reason}`];
});
const statics = runStatics();
const forget = shareCompiled();
const { passed, failed, skipped, notRun } = sumOf([
  await runMocha(testFiles(['e2e/'])),
  await runMocha(endToEndFiles(), END_TO_END_JOBS),
]);

if (notRun.size > 0) {
  process.stdout.write('Not run here, and why:\n');
  for (const [reason, count] of notRun)
    process.stdout.write(`  ${count} ${count === 1 ? 'test' : 'tests'}: ${reason}\n`);
}
for (const sentence of missing) process.stdout.write(`${sentence}\n`);

const failures = failed + statics.failed + missing.length;
process.exitCode = failures === 0 ? 0 : 1;
process.stdout.write(`${passed + statics.passed} passed, ${failures} failed, ${skipped} skipped\n`, () => {
  forget();
  // A test that left a server open must not keep the run from ending.
  process.exit();
});
