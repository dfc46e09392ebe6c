import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import Mocha from 'mocha';
import { showProgress } from '../../scripts/progress.ts';
import { ROOT } from '../../scripts/steps.ts';

/** A run of suites, by file, whose tests take that many ms of a clock of its own; a negative number fails. */
const linesOf = async (files: Record<string, readonly number[]>): Promise<string[]> => {
  const mocha = new Mocha({ reporter: Mocha.reporters.Base });
  let ms = 0;
  for (const [file, tests] of Object.entries(files)) {
    const suite = Mocha.Suite.create(mocha.suite, `of ${file}`);
    suite.file = join(ROOT, file);
    for (const [n, took] of tests.entries()) {
      suite.addTest(
        new Mocha.Test(`test ${n}`, () => {
          ms += Math.abs(took);
          if (took < 0) throw new Error('asked to fail');
        }),
      );
    }
  }
  const lines: string[] = [];
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    showProgress(runner, { now: () => ms, say: (line) => void lines.push(line) });
  });
  return lines.map((line) => line.trimEnd());
};

describe('the progress of a test run', () => {
  it('gives each folder a line, and before it one to each of its files that took two seconds', async () => {
    const lines = await linesOf({
      'test/cli/help.test.ts': [10],
      'test/shared/decision/goal.test.ts': [100, 100],
      'test/shared/decision/requests/begun.test.ts': [1500, 1500],
      'test/shared/store/ids.test.ts': [1],
    });
    assert.deepEqual(lines, [
      'ok      test/cli: 1 passed (0.0 s)',
      'ok      test/shared/decision/requests/begun.test.ts: 2 passed (3.0 s)',
      'ok      test/shared/decision: 4 passed (3.2 s)',
      'ok      test/shared/store: 1 passed (0.0 s)',
    ]);
  });

  it('shows a failure at once, and counts it', async () => {
    assert.deepEqual(await linesOf({ 'test/cli/help.test.ts': [10, -10] }), [
      'FAILED  of test/cli/help.test.ts test 1',
      'FAILED  test/cli: 1 passed, 1 failed (0.0 s)',
    ]);
  });
});
