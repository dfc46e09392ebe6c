import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Environment } from '../../shared/config.ts';

/** Where the Pub/Sub emulator is, or why it cannot be used. */
export type FoundEmulator = { program: string } | { missing: string };

const PROGRAM = join('platform', 'pubsub-emulator', 'bin', 'cloud-pubsub-emulator');

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const onPath = (name: string, env: Environment): string | undefined =>
  (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isProgram);

/**
 * Looks for the emulator: at FIREBREAK_PUBSUB_EMULATOR, else beside the gcloud that is on the PATH. Asks the file system
 * alone, since `gcloud info` takes seconds.
 */
export const findEmulator = (env: Environment): FoundEmulator => {
  if (onPath('java', env) === undefined) return { missing: 'no java on the PATH' };
  const named = env.FIREBREAK_PUBSUB_EMULATOR;
  if (named !== undefined && named !== '') {
    return isProgram(named) ? { program: named } : { missing: 'FIREBREAK_PUBSUB_EMULATOR is not a program' };
  }
  const gcloud = onPath('gcloud', env);
  if (gcloud === undefined) return { missing: 'no gcloud on the PATH, and FIREBREAK_PUBSUB_EMULATOR is not set' };
  const program = join(dirname(dirname(realpathSync(gcloud))), PROGRAM);
  return isProgram(program)
    ? { program }
    : { missing: 'the Google Cloud SDK has no Pub/Sub emulator: install its component pubsub-emulator' };
};
