import { strict as assert } from 'node:assert';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audienceOfOwn, idTokenOf } from '../../cli/id-token.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJlbWFpbCI6ImFuYUBleGFtcGxlLmNvbSJ9.c2lnbmF0dXJl';

describe('idTokenOf', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak id token '));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Writes a script as `gcloud`, and returns the environment that finds it. */
  const gcloud = async (script: string): Promise<{ PATH: string }> => {
    const path = join(folder, 'gcloud');
    await writeFile(path, `#!/bin/sh\nexport PATH=/usr/bin:/bin\necho "$@" > '${folder}/asked'\n${script}\n`);
    await chmod(path, 0o755);
    return { PATH: folder };
  };

  it('prefers the token that is given', async () => {
    const env = await gcloud('echo nobody asks; exit 1');
    assert.equal(await idTokenOf({ ...env, FIREBREAK_ID_TOKEN: 'given' }), 'given');
  });

  it('takes the token of the account that is signed in to gcloud', async () => {
    const env = await gcloud(`echo ${TOKEN}`);
    assert.equal(await idTokenOf({ ...env, FIREBREAK_ID_TOKEN: '' }), TOKEN);
    assert.equal(await readFile(join(folder, 'asked'), 'utf8'), 'auth print-identity-token --quiet\n');
  });

  it('returns none if gcloud is missing, fails, or prints something else', async () => {
    assert.equal(await idTokenOf({ PATH: folder }), undefined);
    assert.equal(
      await idTokenOf(await gcloud('echo "You do not currently have an active account" >&2; exit 1')),
      undefined,
    );
    assert.equal(await idTokenOf(await gcloud('echo "ERROR: (gcloud.auth) sign in"')), undefined);
  });

  it("picks, for a service account's own token, the first audience that is not that of Identity-Aware Proxy", () => {
    const proxy = '/projects/1/global/backendServices/2';
    assert.equal(audienceOfOwn({ FIREBREAK_OPERATOR_AUDIENCE: `${proxy}, firebreak-p1,other` }), 'firebreak-p1');
    for (const none of [proxy, ' ', '', undefined])
      assert.equal(audienceOfOwn({ FIREBREAK_OPERATOR_AUDIENCE: none }), undefined);
  });
});
