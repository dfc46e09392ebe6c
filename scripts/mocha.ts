import { globSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import Mocha from 'mocha';
import mocharc from '../.mocharc.json' with { type: 'json' };
import { reasonOf } from '../test/require.ts';
import { showProgress } from './progress.ts';
import { ROOT } from './steps.ts';

/** The result of a run of suites. `notRun` counts the skipped tests by their reason. */
type Outcome = { passed: number; failed: number; skipped: number; notRun: Map<string, number> };

const NO_REASON = 'no reason was given: use skipBecause or describeWith of test/require.ts';

/**
 * The test files below `test`, except those whose path there begins with one of `leftOut`; sorted, so that every run
 * has the same order.
 */
export const testFiles = (leftOut: readonly string[] = []): string[] =>
  globSync('test/**/*.test.ts', { cwd: ROOT })
    .filter((file) => !leftOut.some((start) => file.startsWith(`test/${start}`)))
    .toSorted();

/**
 * The tests from end to end: they start whole stacks, and mostly wait, for leases, ticks and what the cloud takes its
 * time for.
 */
export const endToEndFiles = (): string[] => testFiles().filter((file) => file.startsWith('test/e2e/'));
/** How many of these run side by side: each stack is nine processes, and the tests give them time. */
export const END_TO_END_JOBS = 2;

/** Loads test files, and returns a sentence for each that does not load. */
const load = async (mocha: Mocha, paths: readonly string[]): Promise<string[]> => {
  const unloaded: string[] = [];
  for (const path of paths) {
    mocha.files = [path];
    try {
      await mocha.loadFilesAsync();
    } catch (thrown) {
      const said = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
      unloaded.push(`${relative(ROOT, path)} does not load: ${said}`);
    }
  }
  return unloaded;
};

/**
 * Runs test files, in this process or in `jobs` processes side by side, begun in this order. A file that does not load
 * is a failure, and the others still run.
 */
export const runMocha = async (files: readonly string[], jobs = 1): Promise<Outcome> => {
  const parallel = jobs > 1;
  const { timeout, slow, forbidOnly } = mocharc;
  const mocha = new Mocha({ timeout, slow, forbidOnly, reporter: Mocha.reporters.Base, parallel, jobs });
  const paths = files.map((file) => resolve(ROOT, file));
  const unloaded = parallel ? [] : await load(mocha, paths);
  // Each of the processes loads the files that it runs.
  if (parallel) mocha.files = paths;
  const notRun = new Map<string, number>();
  const failed: Mocha.Test[] = [];
  const { passes, failures, pending } = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats ?? { ...NOTHING }));
    showProgress(runner, paths);
    runner.on('fail', (test) => void failed.push(test));
    runner.on('pending', (test) => {
      const reason = reasonOf(test) ?? NO_REASON;
      notRun.set(reason, (notRun.get(reason) ?? 0) + 1);
    });
  });
  Mocha.reporters.Base.list(failed);
  for (const text of unloaded) process.stdout.write(`${text}\n`);
  return { passed: passes, failed: failures + unloaded.length, skipped: pending, notRun };
};

/** The sum of the results of several runs. */
export const sumOf = (outcomes: readonly Outcome[]): Outcome => {
  const notRun = new Map<string, number>();
  for (const [reason, count] of outcomes.flatMap((one) => [...one.notRun]))
    notRun.set(reason, (notRun.get(reason) ?? 0) + count);
  const count = (of: 'passed' | 'failed' | 'skipped'): number => outcomes.reduce((sum, one) => sum + one[of], 0);
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped'), notRun };
};

const NOTHING = { suites: 0, tests: 0, passes: 0, pending: 0, failures: 0 };
