import { dirname, relative, sep } from 'node:path';
import { outcomeLine, ROOT } from './steps.ts';

/** ms from which on a test file gets a line of its own: whoever waits sees what for. */
const SLOW_MS = 2000;
/** test/shared/decision, and what lies below it, is one folder. */
const DEPTH = 3;

/** The outcome of a file or folder so far, and how long its tests and hooks took, in ms. */
type Count = { passed: number; failed: number; ms: number };
/** A test or a hook that has ended. */
type Ended = { file?: string | undefined; duration?: number | undefined; fullTitle(): string };
/** What mocha's runner tells of a run. */
type Run = { on(what: 'pass' | 'pending' | 'fail' | 'hook end' | 'end', heard: (of: Ended) => void): unknown };

/** A test file, or its folder, as it is shown: relative to the checkout, with slashes. */
const pathOf = (file: string): string => relative(ROOT, file).split(sep).join('/');
const folderOf = (path: string): string => dirname(path).split('/').slice(0, DEPTH).join('/');

/**
 * Tells how a run of test files goes on: a line for each folder once all its files are done, and before it one for each
 * of them that took longer than two seconds. What failed is shown at once by its title; mocha's list of failures comes
 * at the end. Files may run side by side, as long as the events of each come one after the other.
 */
export const showProgress = (
  run: Run,
  files: readonly string[],
  say: (line: string) => void = (line) => void process.stdout.write(line),
): void => {
  const waiting = new Map<string, Set<string>>();
  for (const path of files.map(pathOf)) {
    const folder = folderOf(path);
    waiting.set(folder, (waiting.get(folder) ?? new Set()).add(path));
  }
  const counts = new Map<string, Count>();
  let current: string | undefined;

  /** Adds to the counts of a file or a folder. */
  const count = (name: string, outcome: 'passed' | 'failed' | undefined, ms: number): void => {
    const of = counts.get(name) ?? { passed: 0, failed: 0, ms: 0 };
    if (outcome !== undefined) of[outcome] += 1;
    of.ms += ms;
    counts.set(name, of);
  };

  const told = (name: string, { passed, failed, ms }: Count): void =>
    say(outcomeLine(`${name}: ${passed} passed${failed === 0 ? '' : `, ${failed} failed`}`, failed === 0, ms));
  const endFolder = (folder: string): void => {
    waiting.delete(folder);
    const of = counts.get(folder);
    if (of !== undefined) told(folder, of);
  };
  const endFile = (): void => {
    if (current === undefined) return;
    const folder = folderOf(current);
    const of = counts.get(current);
    if (of !== undefined && of.ms >= SLOW_MS) told(current, of);
    const left = waiting.get(folder);
    left?.delete(current);
    if (left?.size === 0) endFolder(folder);
    current = undefined;
  };
  const on =
    (outcome?: 'passed' | 'failed') =>
    ({ file, duration = 0 }: Ended): void => {
      if (file === undefined) return;
      const path = pathOf(file);
      if (path !== current) endFile();
      current = path;
      for (const name of [path, folderOf(path)]) count(name, outcome, duration);
    };

  run.on('pass', on('passed'));
  run.on('pending', on());
  run.on('hook end', on());
  run.on('fail', on('failed'));
  run.on('fail', (test) => say(`FAILED  ${test.fullTitle()}\n`));
  run.on('end', () => {
    endFile();
    for (const folder of [...waiting.keys()]) endFolder(folder);
  });
};
