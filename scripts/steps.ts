import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Tells how a step went, in one line. */
export const tell = (name: string, ok: boolean, ms: number): void => {
  process.stdout.write(`${ok ? 'ok     ' : 'FAILED '} ${name} (${seconds(ms)})\n`);
};

/** Runs a program of the checkout's own packages; its output is shown only where it fails. Gives whether it went well. */
export const runStep = (name: string, program: string, args: readonly string[]): boolean => {
  const began = performance.now();
  const path = program === 'node' ? process.execPath : join(ROOT, 'node_modules', '.bin', program);
  const run = spawnSync(path, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const ok = run.status === 0;
  tell(name, ok, performance.now() - began);
  if (!ok) process.stdout.write(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error?.message ?? ''}\n`);
  return ok;
};

/** Types, lint and generated files: what needs no test runner. Gives how many went well and how many did not. */
export const runStatics = (): { passed: number; failed: number } => {
  const results = [
    runStep('types', 'tsc', ['--noEmit']),
    runStep('lint', 'biome', ['check', '--error-on-warnings']),
    runStep('generated files', 'node', [join(ROOT, 'scripts', 'generate.ts'), '--check']),
  ];
  const passed = results.filter((ok) => ok).length;
  return { passed, failed: results.length - passed };
};
