import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { sumOf, testFiles } from '../../scripts/mocha.ts';

const suites = (name: string): string => fileURLToPath(new URL(`../fixtures/suites/${name}.ts`, import.meta.url));

const run = (env: Record<string, string>, ...names: string[]) => {
  const child = spawnSync(process.execPath, [suites('run'), ...names.map(suites)], { encoding: 'utf8', env });
  return { ...JSON.parse(child.stdout.trimEnd().split('\n').at(-1) ?? ''), out: child.stdout };
};

describe('running suites', () => {
  const NOT_RUN = {
    'the moon is down': 1,
    'the sun is up': 1,
    'no reason was given: use skipBecause or describeWith of test/require.ts': 1,
    'terraform is not on the PATH': 2,
  };

  it('counts passed, failed and skipped tests, and the skipped ones by reason', () => {
    const { passed, failed, skipped, notRun } = run({ PATH: '' }, 'mixed');
    assert.deepEqual({ passed, failed, skipped }, { passed: 1, failed: 1, skipped: 5 });
    assert.deepEqual(notRun, NOT_RUN);
  });

  it('fails if FIREBREAK_REQUIRE names a backend that is missing', () => {
    const { failed, out } = run({ PATH: '', FIREBREAK_REQUIRE: 'terraform' }, 'mixed');
    assert.equal(failed, 2);
    assert.match(out, /needs terraform, which FIREBREAK_REQUIRE demands/);
  });

  it('counts a file that does not load as a failure, and runs the others', () => {
    const { passed, failed, out } = run({ PATH: '' }, 'unloadable', 'mixed');
    assert.deepEqual([passed, failed], [1, 2]);
    assert.match(out, /unloadable\.ts does not load: Error: asked not to load/);
  });

  it('gives the same counts and reasons where files run in several processes', () => {
    const { passed, failed, skipped, notRun, out } = run({ PATH: '', JOBS: '2' }, 'unloadable', 'mixed');
    assert.deepEqual({ passed, failed, skipped }, { passed: 1, failed: 2, skipped: 5 });
    assert.deepEqual(notRun, NOT_RUN);
    assert.match(out, /asked not to load/);
  });

  it('adds the counts and reasons of several runs', () => {
    const one = { passed: 3, failed: 0, skipped: 1, notRun: new Map([['the moon is down', 1]]) };
    const other = {
      passed: 4,
      failed: 1,
      skipped: 2,
      notRun: new Map([
        ['the moon is down', 1],
        ['rain', 1],
      ]),
    };
    assert.deepEqual(sumOf([one, other]), {
      ...{ passed: 7, failed: 1, skipped: 3 },
      notRun: new Map([
        ['the moon is down', 2],
        ['rain', 1],
      ]),
    });
  });

  it('finds the test files, without the named folders and files', () => {
    const all = testFiles();
    assert.ok(all.includes('test/scripts/mocha.test.ts'));
    assert.ok(!testFiles(['scripts/']).some((file) => file.startsWith('test/scripts/')));
    assert.deepEqual(
      testFiles(['scripts/mocha.test.ts']),
      all.filter((file) => file !== 'test/scripts/mocha.test.ts'),
    );
    assert.deepEqual(all, all.toSorted());
  });
});
