import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A duration in ms, in seconds. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** The outcome of a step, as one line with its end. */
export const outcomeLine = (name: string, ok: boolean, ms: number): string =>
  `${ok ? 'ok     ' : 'FAILED '} ${name} (${seconds(ms)})\n`;

/** Prints the outcome of a step on one line. */
export const tell = (name: string, ok: boolean, ms: number): void => {
  process.stdout.write(outcomeLine(name, ok, ms));
};

/**
 * Runs a program of the checkout's packages, and returns whether it succeeded. Its output is shown only if it failed.
 */
export const runStep = (name: string, program: string, args: readonly string[]): boolean => {
  const began = performance.now();
  const path = program === 'node' ? process.execPath : join(ROOT, 'node_modules', '.bin', program);
  const run = spawnSync(path, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const ok = run.status === 0;
  tell(name, ok, performance.now() - began);
  if (!ok) process.stdout.write(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error?.message ?? ''}\n`);
  return ok;
};

/** Checks types, lint and generated files, which need no test runner. Returns how many passed and how many failed. */
export const runStatics = (): { passed: number; failed: number } => {
  const results = [
    runStep('types', 'tsc', ['--noEmit']),
    runStep('lint', 'biome', ['check', '--error-on-warnings']),
    runStep('generated files', 'node', [join(ROOT, 'scripts', 'generate.ts'), '--check']),
  ];
  const passed = results.filter((ok) => ok).length;
  return { passed, failed: results.length - passed };
};
