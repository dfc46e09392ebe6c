import { join } from 'node:path';
import { END_TO_END_JOBS, endToEndFiles, runMocha } from './mocha.ts';
import { ROOT, runStep } from './steps.ts';

// Runs the end-to-end tests over the unpacked built archives instead of the sources: `npm run test:built -- [FILE
// ...]`. Tests whose backend is missing are skipped, unless FIREBREAK_REQUIRE names it, as in `npm test`.

if (!runStep('build', 'node', [join(ROOT, 'scripts', 'build.ts'), '--unpack'])) process.exit(1);
// An absolute path, since tests start commands in other folders.
process.env.FIREBREAK_FUNCTIONS = join(ROOT, 'dist', 'unpacked');
const named = process.argv.slice(2);
const files = named.length > 0 ? named : endToEndFiles();
const { passed, failed, skipped } = await runMocha(files, END_TO_END_JOBS);
process.exitCode = failed === 0 ? 0 : 1;
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`, () => {
  // A test that left a server open must not keep the run from ending.
  process.exit();
});
