import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Environment } from '../../shared/read-environment.ts';

/** Path of one of Google's emulators, or the reason why it cannot be used. */
type FoundEmulator = { program: string } | { missing: string };

const EMULATORS = {
  pubsub: {
    label: 'Pub/Sub',
    component: 'pubsub-emulator',
    program: join('bin', 'cloud-pubsub-emulator'),
    variable: 'FIREBREAK_PUBSUB_EMULATOR',
  },
  firestore: {
    label: 'Firestore',
    component: 'cloud-firestore-emulator',
    program: 'cloud_firestore_emulator',
    variable: 'FIREBREAK_FIRESTORE_EMULATOR',
  },
} as const;
export type EmulatorName = keyof typeof EMULATORS;

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
 * Looks for an emulator: at the path in its variable (FIREBREAK_PUBSUB_EMULATOR, FIREBREAK_FIRESTORE_EMULATOR), else
 * beside the gcloud on the PATH. Looks only at files, since `gcloud info` takes seconds.
 */
export const findEmulator = (name: EmulatorName, env: Environment): FoundEmulator => {
  const { label, component, program, variable } = EMULATORS[name];
  if (onPath('java', env) === undefined) return { missing: 'no java on the PATH' };
  const named = env[variable];
  if (named !== undefined && named !== '') {
    return isProgram(named) ? { program: named } : { missing: `${variable} is not a program` };
  }
  const gcloud = onPath('gcloud', env);
  if (gcloud === undefined) return { missing: `no gcloud on the PATH, and ${variable} is not set` };
  const file = join(dirname(dirname(realpathSync(gcloud))), 'platform', component, program);
  return isProgram(file)
    ? { program: file }
    : { missing: `the Google Cloud SDK has no ${label} emulator: install its component ${component}` };
};
