import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { audiencesIn } from '../shared/operator-audience.ts';
import type { Io } from './io.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 15_000;

/** The form of a JWT, which no error message of a tool has. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

const tokenIn = (text: string | null | undefined): string | undefined => {
  const trimmed = text?.trim() ?? '';
  return JWT.test(trimmed) ? trimmed : undefined;
};

/** The ID token of the person signed in to gcloud; its audience is gcloud's own client. */
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

/**
 * The audience for which a service account requests its token. Audiences of Identity-Aware Proxy do not count, since
 * only IAP signs for them.
 */
export const audienceOfOwn = (env: Io['env']): string | undefined =>
  audiencesIn(env.FIREBREAK_OPERATOR_AUDIENCE).tokens[0];

/**
 * An ID token that proves the sender of a request: FIREBREAK_ID_TOKEN; else the service account's own token for the
 * first ID token audience in FIREBREAK_OPERATOR_AUDIENCE; else the token of the person signed in to gcloud. undefined
 * if there is none of these.
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
