import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { audiencesIn } from '../shared/operator-audience.ts';
import type { Io } from './io.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 15_000;

/** A JWT, and no message of a tool. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

const tokenIn = (text: string | null | undefined): string | undefined => {
  const trimmed = text?.trim() ?? '';
  return JWT.test(trimmed) ? trimmed : undefined;
};

/** By the person who is signed in to gcloud; its audience is gcloud's own client. */
const ofGcloud = async (env: Io['env']): Promise<string | undefined> => {
  try {
    const { stdout } = await run('gcloud', ['auth', 'print-identity-token', '--quiet'], {
      env: { ...env },
      timeout: TIMEOUT_MS,
    });
    return tokenIn(stdout);
  } catch {
    return undefined;
  }
};

/** The audience that a service account makes its token for: what only Identity-Aware Proxy signs for is none. */
export const audienceOfOwn = (env: Io['env']): string | undefined =>
  audiencesIn(env.FIREBREAK_OPERATOR_AUDIENCE).tokens[0];

/**
 * What proves who sends a request: FIREBREAK_ID_TOKEN; else the service account's own token for the first audience of ID
 * tokens that FIREBREAK_OPERATOR_AUDIENCE names; else the token of who is signed in to gcloud. undefined: nothing proves it.
 */
export const idTokenOf = async (env: Io['env']): Promise<string | undefined> => {
  const given = env.FIREBREAK_ID_TOKEN;
  if (given !== undefined && given !== '') return given;
  const audience = audienceOfOwn(env);
  if (audience !== undefined) {
    const { idTokenFor } = await import('../shared/adapters/google-operator.ts');
    const own = tokenIn(await idTokenFor(audience));
    if (own !== undefined) return own;
  }
  return ofGcloud(env);
};
