import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

/** Runs a module of this folder in its own process. The module prints one JSON object of numbers. */
export const inProcess = async (module: string, ...args: string[]): Promise<Record<string, number>> => {
  const path = fileURLToPath(new URL(module, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', path, ...args], {
    maxBuffer: 16 * 1024 * 1024,
  });
  return z.record(z.string(), z.number()).parse(JSON.parse(stdout));
};
