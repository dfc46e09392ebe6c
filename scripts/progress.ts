import { dirname, relative, sep } from 'node:path';
import type { Runner } from 'mocha';
import { outcomeLine, ROOT } from './steps.ts';

/** ms from which on a test file gets a line of its own: whoever waits sees what for. */
const SLOW_MS = 2000;
/** test/shared/decision, and what lies below it, is one folder. */
const DEPTH = 3;

type Count = { name: string; passed: number; failed: number; began: number };

/** A test file, or its folder, as it is shown: relative to the checkout, with slashes. */
const pathOf = (file: string): string => relative(ROOT, file).split(sep).join('/');
const folderOf = (path: string): string => dirname(path).split('/').slice(0, DEPTH).join('/');

/** `now` is in ms. Tests replace timers, so the default is the clock from before they run. */
type Ports = { now(): number; say(line: string): void };
const realNow = performance.now.bind(performance);
const STDOUT: Ports = { now: realNow, say: (line) => void process.stdout.write(line) };

/**
 * Tells how a run of test files goes on: a line for each folder once it is done, and before it one for each of its files
 * that took longer than two seconds. What failed is shown at once by its title; mocha's list of failures comes at the end.
 */
export const showProgress = (runner: Pick<Runner, 'on'>, { now, say }: Ports = STDOUT): void => {
  let [file, folder]: [Count | undefined, Count | undefined] = [undefined, undefined];
  const began = (name: string): Count => ({ name, passed: 0, failed: 0, began: now() });
  const told = ({ name, passed, failed, began }: Count): void =>
    say(
      outcomeLine(`${name}: ${passed} passed${failed === 0 ? '' : `, ${failed} failed`}`, failed === 0, now() - began),
    );

  const endFile = (): void => {
    if (file !== undefined && now() - file.began >= SLOW_MS) told(file);
    file = undefined;
  };
  const endFolder = (): void => {
    endFile();
    if (folder !== undefined) told(folder);
    folder = undefined;
  };
  const count = (what: 'passed' | 'failed') => (): void => {
    if (file !== undefined) file[what] += 1;
    if (folder !== undefined) folder[what] += 1;
  };

  runner.on('suite', ({ parent, file: of }) => {
    if (parent?.root !== true || of === undefined) return;
    const path = pathOf(of);
    if (path === file?.name) return;
    endFile();
    if (folderOf(path) !== folder?.name) {
      endFolder();
      folder = began(folderOf(path));
    }
    file = began(path);
  });
  runner.on('pass', count('passed'));
  runner.on('fail', count('failed'));
  runner.on('fail', (test) => say(`FAILED  ${test.fullTitle()}\n`));
  runner.on('end', endFolder);
};
