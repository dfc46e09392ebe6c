import { statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Context, Suite } from 'mocha';
import { type EmulatorName, findEmulator } from '../local/emulator/find.ts';
import { findApiServer } from '../scripts/apiserver/find.ts';

/** What a suite may need beyond Node.js and npm packages. */
export const BACKENDS = ['pubsub', 'firestore', 'apiserver', 'chromium', 'terraform'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** `reason`: a sentence; empty if the backend is available. */
export type Backend = { available: boolean; reason: string };

type Environment = Readonly<Record<string, string | undefined>>;

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

const onPath = (env: Environment, ...names: string[]): string | undefined =>
  (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isFile);

const emulator =
  (name: EmulatorName) =>
  (env: Environment): string => {
    const found = findEmulator(name, env);
    return 'missing' in found ? found.missing : '';
  };

/** What keeps each backend from being available; empty if nothing does. */
const PROBES: Readonly<Record<BackendName, (env: Environment) => string>> = {
  pubsub: emulator('pubsub'),
  firestore: emulator('firestore'),
  apiserver: (env) => {
    const found = findApiServer(env);
    return 'missing' in found ? found.missing : '';
  },
  chromium: (env) =>
    onPath(env, 'chromium', 'chromium-browser', 'google-chrome') === undefined ? 'Chromium is not on the PATH' : '',
  terraform: (env) => (onPath(env, 'terraform') === undefined ? 'terraform is not on the PATH' : ''),
};

const isBackend = (name: string): name is BackendName => BACKENDS.some((one) => one === name);

/**
 * The backends that FIREBREAK_REQUIRE names: a comma-separated list, or `all`.
 *
 * @throws Error with a sentence if it names an unknown one.
 */
export const requiredBackends = (env: Environment = process.env): BackendName[] => {
  const names = (env.FIREBREAK_REQUIRE ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.find((name) => name !== 'all' && !isBackend(name));
  if (unknown !== undefined) {
    throw new Error(`FIREBREAK_REQUIRE: ${unknown} is not known; expected ${BACKENDS.join(', ')} or all.`);
  }
  return names.includes('all') ? [...BACKENDS] : names.filter(isBackend);
};

/** Whether a backend is available on this machine, and if not, why. */
export const probe = (name: BackendName, env: Environment = process.env): Backend => {
  const reason = PROBES[name](env);
  return { available: reason === '', reason };
};

/**
 * Looks for a backend while suites are defined. If it is missing and not required, its tests are skipped with the
 * reason (see `describeWith`). If it is missing and required, a failing test reports that.
 */
export const backend = (name: BackendName): Backend => {
  const found = probe(name);
  if (!found.available && requiredBackends().includes(name)) {
    it(`needs ${name}, which FIREBREAK_REQUIRE demands`, () => {
      throw new Error(found.reason);
    });
  }
  return found;
};

/** The reason is told by the title, which is all that reaches the end of `npm test` from another process. */
const titledWith = (test: { title: string }, reason: string): void => {
  test.title = `${test.title} (not run: ${reason})`;
};

/** A suite that needs a backend: it runs if the backend is available, and is otherwise skipped with the reason. */
export const describeWith = (name: BackendName, title: string, body: (this: Suite) => void): void => {
  const { available, reason } = backend(name);
  if (available) {
    describe(title, body);
    return;
  }
  describe.skip(title, function () {
    body.call(this);
    this.eachTest((test) => titledWith(test, reason));
  });
};

/** Skips the running test and records why, for the end of `npm test`. */
export const skipBecause = (context: Context, reason: string): never => {
  if (context.test !== undefined) titledWith(context.test, reason);
  return context.skip();
};

/**
 * Why a pending test was skipped: what `describeWith` or `skipBecause` said, or else the end of its title in brackets.
 */
export const reasonOf = ({ title }: { title: string }): string | undefined =>
  / \(not run: (.+)\)$/.exec(title)?.[1] ?? /\((.+)\)$/.exec(title)?.[1];
