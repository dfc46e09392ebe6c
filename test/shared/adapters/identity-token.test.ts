import { strict as assert } from 'node:assert';
import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'mocha';
import { makeGoogleIdentity } from '../../../shared/adapters/identity-google.ts';
import { makeIapIdentity } from '../../../shared/adapters/identity-iap.ts';
import type { Keys } from '../../../shared/adapters/identity-token.ts';
import { Malformed, Transient } from '../../../shared/errors.ts';

const rsa = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const curve = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const KEYS: Keys = { r1: rsa.publicKey, e1: curve.publicKey };

const now = (): number => Math.floor(Date.now() / 1000);
const part = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url');
type Claims = Record<string, unknown>;
type Sign = (text: string) => string;

const byRsa: Sign = (text) => createSign('RSA-SHA256').update(text).sign(rsa.privateKey, 'base64url');
const byCurve: Sign = (text) =>
  createSign('SHA256').update(text).sign({ key: curve.privateKey, dsaEncoding: 'ieee-p1363' }, 'base64url');
const bySecret =
  (secret: string): Sign =>
  (text) =>
    createHmac('sha256', secret).update(text).digest('base64url');

/** Each kind of token: how it is signed, what it says, and who verifies it. */
const KINDS = {
  Google: {
    audience: 'firebreak-p1',
    iss: 'https://accounts.google.com',
    header: { alg: 'RS256', kid: 'r1' },
    sign: byRsa,
    publicKey: rsa.publicKey,
    verifier: (keys: () => Promise<Keys>) => makeGoogleIdentity({ audience: ['firebreak-p1'], keys }),
  },
  'Identity-Aware Proxy': {
    audience: '/projects/1/global/backendServices/2',
    iss: 'https://cloud.google.com/iap',
    header: { alg: 'ES256', kid: 'e1' },
    sign: byCurve,
    publicKey: curve.publicKey,
    verifier: (keys: () => Promise<Keys>) =>
      makeIapIdentity({ audience: ['/projects/1/global/backendServices/2'], clock: { monotonic: () => 0 }, keys }),
  },
};

for (const [name, { audience, iss, header, sign, publicKey, verifier }] of Object.entries(KINDS))
  describe(`the verifier of tokens of ${name}`, () => {
    const claims = (over: Claims = {}): Claims => ({
      iss,
      aud: audience,
      sub: '1',
      email: 'ana@example.com',
      email_verified: true,
      iat: now() - 30,
      exp: now() + 570,
      ...over,
    });
    const token = (over: Claims = {}, head: Claims = header, signed: Sign = sign): string => {
      const text = `${part(head)}.${part(claims(over))}`;
      return `${text}.${signed(text)}`;
    };
    const { verify } = verifier(async () => KEYS);

    const addresses: Array<[string, string]> = [
      ['a person with an apostrophe in the name', "Pat.O'Brien@example.com"],
      ['a service account', 'ci@p1.iam.gserviceaccount.com'],
      ['a service account of a project of a domain', 'ci@p1.example.com.iam.gserviceaccount.com'],
    ];
    for (const [whose, email] of addresses)
      it(`returns the address of ${whose}`, async () => {
        assert.equal((await verify(token({ email }))).email, email.toLowerCase());
      });

    const times: Array<[string, () => Claims]> = [
      ['was issued in a minute', () => ({ iat: now() + 60 })],
      ['has expired a minute ago', () => ({ iat: now() - 600, exp: now() - 60 })],
    ];
    for (const [when, over] of times)
      it(`accepts a token that ${when} by this clock, which may be wrong`, async () => {
        assert.deepEqual(await verify(token(over())), { email: 'ana@example.com' });
      });

    const refused: Array<[string, () => string, RegExp]> = [
      [
        'signed with the public key as a secret',
        () => token({}, { ...header, alg: 'HS256' }, bySecret(publicKey)),
        /signed by no key that we know/,
      ],
      ['that names another algorithm', () => token({}, { ...header, alg: 'RS512' }), /signed by no key that we know/],
      ['without a key id', () => token({}, { alg: header.alg }), /signed by no key that we know/],
      ['for a list of audiences', () => token({ aud: [audience, 'another'] }), /another audience/],
      ['without an audience', () => token({ aud: undefined }), /another audience/],
      ['without an issuer', () => token({ iss: undefined }), /not from Google/],
      ['that never expires', () => token({ exp: undefined }), /has expired, or lives longer/],
      ['that was never issued', () => token({ iat: undefined }), /cannot be read/],
      ['whose address is a number', () => token({ email: 5 }), /no verified email/],
      ['whose address is null', () => token({ email: null }), /no verified email/],
      ['whose address is empty', () => token({ email: '' }), /no verified email/],
      [
        'whose address has a second line',
        () => token({ email: 'ana@example.com\nx@example.com' }),
        /no verified email/,
      ],
      // The Kelvin sign is a k in lower case.
      ['whose address becomes that of another', () => token({ email: 'An\u212Aa@example.com' }), /no verified email/],
      ['of ten million letters', () => `${'a'.repeat(10_000_000)}.b.c`, /cannot be read/],
      ['of a million parts', () => '.'.repeat(1_000_000), /cannot be read/],
    ];
    for (const [what, made, because] of refused)
      it(`refuses a token ${what}, in a sentence`, async () => {
        await assert.rejects(verify(made()), (thrown: unknown) => {
          assert.ok(thrown instanceof Malformed, String(thrown));
          assert.match(thrown.message, because);
          assert.ok(thrown.message.length < 200);
          return true;
        });
      });

    for (const [what, answer] of [
      ['no key', {}],
      ['a page', { 0: '<', 1: '!' }],
      ['no object', undefined],
    ] as const)
      it(`throws Transient, and reads them again, where ${what} is given in place of the keys`, async () => {
        const answers: unknown[] = [answer, KEYS];
        const later = verifier(async () => Object(answers.shift()));
        await assert.rejects(later.verify(token()), Transient);
        assert.deepEqual(await later.verify(token()), { email: 'ana@example.com' });
      });
  });
