import { GoogleAuth, UserRefreshClient } from 'google-auth-library';
import { Denied } from '../errors.ts';

/** Authenticates a person's requests to Google Cloud. The library keeps the token until it expires. */
export type Credentials = {
  headers(): Promise<Record<string, string>>;
  token(): Promise<string>;
};

const signedIn = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (cause) {
    throw new Denied('no credentials of Google Cloud can be used: run `gcloud auth application-default login`.', {
      cause,
    });
  }
};

/**
 * The credentials of this machine (application default credentials).
 *
 * @throws Denied, saying how to sign in, if there are none.
 */
export const openCredentials = async (): Promise<Credentials> => {
  const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
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
