import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/steps.ts';

/** One is missing on purpose; the other is created when the tests run, because it is too large for a secret. */
const NOT_HERE = ['tests/fixtures/none.yaml', 'tests/fixtures/large.yaml'];

describe('the tests of terraform/', () => {
  it('find what they read in a clean checkout', () => {
    const tests = globSync('terraform/tests/*.tftest.hcl', { cwd: ROOT });
    const read = tests.flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(/"(tests\/fixtures\/[^"]+)"/g)].map(([, path = '']) => path),
    );
    const named = [...new Set(read)].filter((path) => !NOT_HERE.includes(path));
    assert.ok(named.length > 4, String(named));
    assert.deepEqual(
      named.filter((path) => !existsSync(join(ROOT, 'terraform', path))),
      [],
    );
  });
});
