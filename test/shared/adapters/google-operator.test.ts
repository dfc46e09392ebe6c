import { strict as assert } from 'node:assert';
import { fileURLToPath } from 'node:url';
import { GoogleAuth, gaxios, OAuth2Client } from 'google-auth-library';
import { openCredentials } from '../../../shared/adapters/google-operator.ts';
import { Denied, Transient } from '../../../shared/errors.ts';
import { startServer } from '../../kit/listening.ts';

/** Runs `work` with the origin of a service that answers every request with this status. */
const withService = async (status: number, work: (origin: string) => Promise<void>): Promise<void> => {
  const { url, stop } = await startServer((_, response) => response.writeHead(status).end('{}'));
  try {
    await work(url);
  } finally {
    await stop();
  }
};

/** Credentials that get their token from this URL. */
const from = (url: string) => {
  const client = new OAuth2Client();
  client.refreshHandler = async () => {
    await gaxios.request({ url, retry: false });
    return { access_token: 'a token', expiry_date: Date.now() + 3_600_000 };
  };
  return openCredentials(new GoogleAuth({ authClient: client }));
};

describe('openCredentials', () => {
  it('gives the token, and headers with it', () =>
    withService(200, async (origin) => {
      const credentials = await from(origin);
      assert.equal(await credentials.token(), 'a token');
      assert.equal((await credentials.headers()).authorization, 'Bearer a token');
    }));

  for (const status of [400, 401, 403])
    it(`says how to sign in where the answer is ${status}`, () =>
      withService(status, async (origin) => {
        const credentials = await from(origin);
        for (const refused of [credentials.token(), credentials.headers()])
          await assert.rejects(refused, (thrown) => {
            assert.ok(thrown instanceof Denied);
            assert.match(thrown.message, /: run `gcloud auth application-default login`\.$/);
            return true;
          });
      }));

  it('says which variable is wrong where it names no file of credentials, and nothing of what is in that', async () => {
    const before = process.env.GOOGLE_APPLICATION_CREDENTIALS;
    try {
      for (const path of ['/nowhere/key.json', fileURLToPath(import.meta.url)]) {
        process.env.GOOGLE_APPLICATION_CREDENTIALS = path;
        await assert.rejects(
          openCredentials(),
          /^Denied: no credentials of Google Cloud can be used: correct GOOGLE_APPLICATION_CREDENTIALS, [^"]*, or unset it and run `gcloud auth application-default login`[.]$/,
        );
      }
    } finally {
      if (before === undefined) delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
      else process.env.GOOGLE_APPLICATION_CREDENTIALS = before;
    }
  });

  for (const status of [408, 429, 500, 503])
    it(`throws Transient where the answer is ${status}, as signing in again would not help`, () =>
      withService(status, async (origin) => {
        const credentials = await from(origin);
        await assert.rejects(credentials.token(), Transient);
        await assert.rejects(credentials.headers(), Transient);
      }));

  it('throws Transient, in a sentence, where nobody answers', async () => {
    let gone = '';
    await withService(200, async (origin) => {
      gone = origin;
    });
    const credentials = await from(gone);
    await assert.rejects(credentials.token(), (thrown) => {
      assert.ok(thrown instanceof Transient);
      assert.match(thrown.message, /^Google gives no token at the moment \(.*\): try again in a minute\.$/);
      return true;
    });
  });
});
