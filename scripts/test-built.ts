import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runStep } from './steps.ts';

// The end-to-end tests over the built archives, unpacked, in the place of the sources: `npm run test:built -- [FILE ...]`. What
// a backend needs that is not there is skipped, unless FIREBREAK_REQUIRE names it, as in `npm test`.

if (!runStep('build', 'node', [join(ROOT, 'scripts', 'build.ts'), '--unpack'])) process.exit(1);
const named = process.argv.slice(2);
const files = named.length > 0 ? named : globSync('test/e2e/*.test.ts', { cwd: ROOT }).toSorted();
const mocha = join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js');
const run = spawnSync(process.execPath, [mocha, '--exit', '--timeout', '60000', ...files], {
  cwd: ROOT,
  // By its whole path: tests start commands in folders of their own.
  env: { ...process.env, FIREBREAK_FUNCTIONS: join(ROOT, 'dist', 'unpacked') },
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
