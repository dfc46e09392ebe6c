import { strict as assert } from 'node:assert';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { showProgress } from '../../scripts/progress.ts';
import { ROOT } from '../../scripts/steps.ts';

type Event = [what: 'pass' | 'fail' | 'pending' | 'hook end', file: string, duration?: number];

/** The lines shown for these files and events; `end` follows them. */
const linesOf = (files: readonly string[], events: readonly Event[]): string[] => {
  const runner = new EventEmitter();
  const lines: string[] = [];
  const at = (file: string): string => join(ROOT, file);
  showProgress(runner, files.map(at), (line) => void lines.push(line.trimEnd()));
  for (const [what, file, duration] of events)
    runner.emit(what, { file: at(file), duration, fullTitle: () => `a test of ${file}` });
  lines.push('end');
  runner.emit('end');
  return lines;
};

const [HELP, GOAL, BEGUN, IDS] = [
  'test/cli/help.test.ts',
  'test/shared/decision/goal.test.ts',
  'test/shared/decision/requests/begun.test.ts',
  'test/shared/store/ids.test.ts',
];

describe('the progress of a test run', () => {
  it('gives each folder a line, and before it one to each of its files that took two seconds', () => {
    const lines = linesOf(
      [HELP, GOAL, BEGUN, IDS],
      [
        ['pass', HELP, 10],
        ['pass', GOAL, 100],
        ['pass', GOAL, 100],
        ['hook end', BEGUN, 1500],
        ['pass', BEGUN, 1400],
        ['pass', BEGUN, 100],
        ['pass', IDS, 1],
      ],
    );
    assert.deepEqual(lines, [
      'ok      test/cli: 1 passed (0.0 s)',
      'ok      test/shared/decision/requests/begun.test.ts: 2 passed (3.0 s)',
      'ok      test/shared/decision: 4 passed (3.2 s)',
      'end',
      'ok      test/shared/store: 1 passed (0.0 s)',
    ]);
  });

  it('waits for all files of a folder where they run side by side', () => {
    const lines = linesOf(
      [HELP, GOAL, BEGUN],
      [
        ['pass', GOAL, 10],
        ['pass', HELP, 10],
        ['pass', BEGUN, 10],
      ],
    );
    assert.deepEqual(lines, [
      'ok      test/cli: 1 passed (0.0 s)',
      'end',
      'ok      test/shared/decision: 2 passed (0.0 s)',
    ]);
  });

  it('shows a failure at once, and counts it', () => {
    const lines = linesOf(
      [HELP],
      [
        ['pass', HELP],
        ['fail', HELP],
      ],
    );
    assert.deepEqual(lines, [`FAILED  a test of ${HELP}`, 'end', 'FAILED  test/cli: 1 passed, 1 failed (0.0 s)']);
  });

  it('shows a folder whose tests were all skipped, and one of whose files has no test', () => {
    assert.deepEqual(
      linesOf(
        [HELP, GOAL, BEGUN],
        [
          ['pending', HELP],
          ['pass', GOAL],
        ],
      ),
      ['ok      test/cli: 0 passed (0.0 s)', 'end', 'ok      test/shared/decision: 1 passed (0.0 s)'],
    );
  });
});
