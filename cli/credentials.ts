import { Denied } from '../shared/errors.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/** What a person's requests to Google Cloud carry. The library keeps the token until it expires. */
export type Credentials = {
  headers(): Promise<Record<string, string>>;
  token(): Promise<string>;
};

const denied = (thrown: unknown): Denied =>
  new Denied('no credentials of Google Cloud can be used: run `gcloud auth application-default login`.', {
    cause: thrown,
  });

/**
 * The credentials of this machine (application default credentials).
 *
 * @throws Denied, saying how to sign in, where there are none.
 */
export const openCredentials = async (): Promise<Credentials> => {
  const { GoogleAuth } = await import('google-auth-library');
  const auth = new GoogleAuth({ scopes: SCOPE });
  const asked = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      throw denied(thrown);
    }
  };
  return {
    headers: () => asked(async () => Object.fromEntries((await auth.getRequestHeaders()).entries())),
    token: () => asked(async () => (await auth.getAccessToken()) ?? ''),
  };
};
