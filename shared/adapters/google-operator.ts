import { type AuthClient, GoogleAuth, gaxios, UserRefreshClient } from 'google-auth-library';
import { z } from 'zod';
import { Denied, sentenceOf, Transient } from '../errors.ts';

/** Authenticates a person's requests to Google Cloud. The library keeps the token until it expires. */
export type Credentials = {
  headers(): Promise<Record<string, string>>;
  token(): Promise<string>;
};

const answered = z.looseObject({ status: z.number() });

/** Whether there was no answer, or one that says nothing of the credentials: to sign in again would not help. */
const isOutage = (thrown: unknown): boolean => {
  const { data } = answered.safeParse(thrown);
  if (data === undefined) return thrown instanceof gaxios.GaxiosError;
  return data.status >= 500 || data.status === 408 || data.status === 429;
};

/** Where it is set, the library uses no other credentials: to sign in would not help. */
const VARIABLE = 'GOOGLE_APPLICATION_CREDENTIALS';

const signedIn = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (cause) {
    if (isOutage(cause))
      throw new Transient(`Google gives no token at the moment (${sentenceOf(cause)}): try again in a minute.`, {
        cause,
      });
    // The library's own sentence may quote the file, which is a secret.
    const todo = sentenceOf(cause).includes(VARIABLE)
      ? `correct ${VARIABLE}, which names a file that is none of credentials, or unset it and run`
      : 'run';
    throw new Denied(`no credentials of Google Cloud can be used: ${todo} \`gcloud auth application-default login\`.`, {
      cause,
    });
  }
};

/**
 * The credentials of this machine (application default credentials), or those of `auth`.
 *
 * @throws Denied, saying how to sign in, if there are none or they are refused; Transient if Google does not answer.
 */
export const openCredentials = async (
  auth: GoogleAuth<AuthClient> = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' }),
): Promise<Credentials> => {
  // Without this check, the client libraries end the process if there are no credentials.
  await signedIn(() => auth.getClient());
  return {
    headers: () => signedIn(async () => Object.fromEntries((await auth.getRequestHeaders()).entries())),
    token: () => signedIn(async () => (await auth.getAccessToken()) ?? ''),
  };
};

/**
 * An ID token for an audience, from a service account's credentials. undefined for a person's credentials, which give
 * no token for an audience of our choice, and without credentials.
 */
export const idTokenFor = async (audience: string): Promise<string | undefined> => {
  const auth = new GoogleAuth();
  try {
    const client = await auth.getClient();
    if (client instanceof UserRefreshClient) return undefined;
    return await (await auth.getIdTokenClient(audience)).idTokenProvider.fetchIdToken(audience);
  } catch {
    return undefined;
  }
};
