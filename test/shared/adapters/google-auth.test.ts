import { strict as assert } from 'node:assert';
import { GoogleAuth, OAuth2Client } from 'google-auth-library';
import { tokensOfIdentity } from '../../../shared/adapters/google-auth.ts';

describe('tokensOfIdentity', () => {
  it('gives the same token until that is refused, and then a new one, however many were refused it', async () => {
    let count = 0;
    const client = new OAuth2Client();
    client.refreshHandler = async () => {
      count += 1;
      return { access_token: `t${count}`, expiry_date: Date.now() + 3_600_000 };
    };
    const tokens = tokensOfIdentity(new GoogleAuth({ authClient: client }));
    assert.deepEqual([await tokens(), await tokens()], ['t1', 't1']);
    assert.deepEqual([await tokens('t1'), await tokens('t1'), await tokens()], ['t2', 't2', 't2']);
  });
});
