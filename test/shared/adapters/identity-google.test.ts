import { strict as assert } from 'node:assert';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'mocha';
import { makeGoogleIdentity } from '../../../shared/adapters/identity-google.ts';
import { Malformed, Transient } from '../../../shared/errors.ts';

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const [known, other] = [pair(), pair()];
const AUDIENCE = 'firebreak-p1';
const now = (): number => Math.floor(Date.now() / 1000);
const part = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url');

const token = (claims: Record<string, unknown> = {}, kid = 'k1', key = known.privateKey): string => {
  const payload = {
    iss: 'https://accounts.google.com',
    aud: AUDIENCE,
    sub: '1',
    email: 'Ana@example.com',
    email_verified: true,
    iat: now() - 60,
    exp: now() + 3000,
    ...claims,
  };
  const signed = `${part({ alg: 'RS256', kid, typ: 'JWT' })}.${part(payload)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
};
const verifier = makeGoogleIdentity({ audience: ['another', AUDIENCE], keys: async () => ({ k1: known.publicKey }) });

describe('the verifier of Google identities', () => {
  it('returns the address of a valid token in lower case', async () => {
    assert.deepEqual(await verifier.verify(token()), { email: 'ana@example.com' });
  });

  it('names the domain of the address only where its owner runs the account', async () => {
    const run = { email: 'ana@example.com', domain: 'example.com' };
    for (const hd of ['example.com', 'corp.example.com']) assert.deepEqual(await verifier.verify(token({ hd })), run);
    assert.deepEqual(await verifier.verify(token({ hd: '' })), { email: 'ana@example.com' });
    const email = 'ci@p1.iam.gserviceaccount.com';
    assert.deepEqual(await verifier.verify(token({ email })), { email, domain: 'p1.iam.gserviceaccount.com' });
    const lookalike = 'ci@evilgserviceaccount.com';
    assert.deepEqual(await verifier.verify(token({ email: lookalike })), { email: lookalike });
  });

  const refused: Array<[string, string, RegExp]> = [
    ['of another audience', token({ aud: 'firebreak-p2' }), /another audience/],
    ['of another issuer', token({ iss: 'https://accounts.example.com' }), /not from Google/],
    ['that has expired', token({ iat: now() - 7200, exp: now() - 3600 }), /has expired/],
    ['that lives too long', token({ exp: now() + 86_000 }), /lives longer than 2 hours/],
    ['that is not valid yet', token({ iat: now() + 1800, exp: now() + 3600 }), /not valid yet/],
    ['signed by another key under a known id', token({}, 'k1', other.privateKey), /no key that we know/],
    ['signed by a key that nobody knows', token({}, 'k2', other.privateKey), /no key that we know/],
    ['under the id of something every object has', token({}, 'constructor', other.privateKey), /no key that we know/],
    ['without an address', token({ email: undefined }), /no verified email/],
    ['whose address nobody verified', token({ email_verified: false }), /no verified email/],
    ['whose address is verified by a word', token({ email_verified: 'true' }), /no verified email/],
    ['that is none', 'x', /cannot be read/],
    [
      'that says it needs no signature',
      `${part({ alg: 'none', kid: 'k1' })}.${token().split('.')[1]}.`,
      /no key that we know/,
    ],
  ];
  for (const [what, text, because] of refused)
    it(`refuses a token ${what}, and does not repeat it`, async () => {
      await assert.rejects(verifier.verify(text), (thrown: unknown) => {
        assert.ok(thrown instanceof Malformed);
        assert.match(thrown.message, because);
        assert.ok(text.length < 10 || !thrown.message.includes(text.slice(0, 20)));
        return true;
      });
    });

  it('throws Transient if the keys cannot be read', async () => {
    const down = makeGoogleIdentity({ audience: [AUDIENCE], keys: () => Promise.reject(new Error('no route')) });
    await assert.rejects(down.verify(token()), Transient);
  });
});
