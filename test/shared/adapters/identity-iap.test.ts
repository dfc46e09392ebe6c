import { strict as assert } from 'node:assert';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'mocha';
import sinon from 'sinon';
import { makeGoogleIdentity } from '../../../shared/adapters/identity-google.ts';
import { makeIapIdentity } from '../../../shared/adapters/identity-iap.ts';
import { makeOperatorIdentity } from '../../../shared/adapters/identity-operators.ts';
import { Malformed, Transient } from '../../../shared/errors.ts';

const curve = () =>
  generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const [known, other] = [curve(), curve()];
const rsa = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const AUDIENCE = '/projects/123456789/locations/europe-west1/services/firebreak-console';
const now = (): number => Math.floor(Date.now() / 1000);
const part = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url');

const claims = (over: Record<string, unknown> = {}) => ({
  iss: 'https://cloud.google.com/iap',
  aud: AUDIENCE,
  sub: 'accounts.google.com:1',
  email: 'Ana@example.com',
  iat: now() - 30,
  exp: now() + 570,
  ...over,
});

/** An assertion as IAP signs it: ES256, the signature as two numbers. */
const assertion = (over: Record<string, unknown> = {}, kid = 'k1', key = known.privateKey): string => {
  const signed = `${part({ alg: 'ES256', kid, typ: 'JWT' })}.${part(claims(over))}`;
  return `${signed}.${createSign('SHA256').update(signed).sign({ key, dsaEncoding: 'ieee-p1363' }, 'base64url')}`;
};
const clock = { monotonic: () => 0 };
const verifier = makeIapIdentity({
  audience: [AUDIENCE],
  clock,
  keys: async () => ({ k1: known.publicKey, r1: rsa.publicKey }),
});

/** An assertion signed by a known key, but not in IAP's way. */
const byRsa = (): string => {
  const signed = `${part({ alg: 'RS256', kid: 'r1' })}.${part(claims())}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(rsa.privateKey, 'base64url')}`;
};

describe('the verifier of Identity-Aware Proxy', () => {
  it('returns the address of the person who signed in, in lower case', async () => {
    assert.deepEqual(await verifier.verify(assertion()), { email: 'ana@example.com' });
    const hosted = await verifier.verify(assertion({ hd: 'example.com' }));
    assert.deepEqual(hosted, { email: 'ana@example.com', domain: 'example.com' });
  });

  // Made when they are used, because an assertion lives for ten minutes and a whole test run may take longer.
  const refused: Array<[string, () => string, RegExp]> = [
    [
      'for another service',
      () => assertion({ aud: '/projects/123456789/locations/europe-west1/services/other' }),
      /another audience/,
    ],
    ['of another issuer', () => assertion({ iss: 'https://accounts.google.com' }), /not from Google/],
    ['that has expired', () => assertion({ iat: now() - 1800, exp: now() - 1200 }), /has expired/],
    ['that lives too long', () => assertion({ exp: now() + 3660 }), /lives longer than 1 hour;/],
    ['that is not valid yet', () => assertion({ iat: now() + 1800, exp: now() + 2400 }), /not valid yet/],
    ['signed by another key under a known id', () => assertion({}, 'k1', other.privateKey), /no key that we know/],
    ['signed by a key that nobody knows', () => assertion({}, 'k2', other.privateKey), /no key that we know/],
    [
      'under the id of something every object has',
      () => assertion({}, 'toString', other.privateKey),
      /no key that we know/,
    ],
    ['of another algorithm, by a key that is known', byRsa, /no key that we know/],
    [
      'that says it needs no signature',
      () => `${part({ alg: 'none', kid: 'k1' })}.${part(claims())}.`,
      /no key that we know/,
    ],
    ['without an address', () => assertion({ email: undefined }), /no verified email/],
    [
      'of another identity provider',
      () => assertion({ email: 'securetoken.google.com/p1:ana@example.com' }),
      /no verified email/,
    ],
    ['that is none', () => 'x', /cannot be read/],
  ];
  for (const [what, made, because] of refused)
    it(`refuses an assertion ${what}, and does not repeat it`, async () => {
      const text = made();
      await assert.rejects(verifier.verify(text), (thrown: unknown) => {
        assert.ok(thrown instanceof Malformed);
        assert.match(thrown.message, because);
        assert.ok(text.length < 10 || !thrown.message.includes(text.slice(0, 20)));
        return true;
      });
    });

  it('reads the keys again after a while, and at once if reading them failed', async () => {
    let [at, reads, isDown] = [0, 0, true];
    const keys = async () => {
      reads += 1;
      if (isDown) throw new Error('no route');
      return { k1: known.publicKey };
    };
    const patient = makeIapIdentity({ audience: [AUDIENCE], clock: { monotonic: () => at }, keys });
    await assert.rejects(patient.verify(assertion()), Transient);
    isDown = false;
    await patient.verify(assertion());
    await patient.verify(assertion());
    assert.equal(reads, 2);
    at = 11 * 60_000;
    await patient.verify(assertion());
    assert.equal(reads, 3);
  });
});

describe('the verifiers, when the keys do not come', () => {
  it('throw Transient after 10 s, and read them again for the next assertion', async () => {
    const timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let reads = 0;
      const silent = async () => {
        reads += 1;
        return new Promise<never>(() => {});
      };
      const iap = makeIapIdentity({ audience: [AUDIENCE], clock: { monotonic: () => 0 }, keys: silent });
      const google = makeGoogleIdentity({ audience: ['firebreak-p1'], keys: silent });
      for (const verifier of [iap, iap, google]) {
        const refused = assert.rejects(verifier.verify(assertion()), Transient);
        await timers.tickAsync(10_000);
        await refused;
      }
      assert.equal(reads, 3);
    } finally {
      timers.restore();
    }
  });
});

describe('the verifier of operators', () => {
  const keys = { google: async () => ({ k1: known.publicKey }), iap: async () => ({ k1: known.publicKey }) };

  it('accepts an assertion for an audience of IAP, and none if no such audience is configured', async () => {
    const both = makeOperatorIdentity({ audience: ['firebreak-p1', AUDIENCE], clock, keys });
    assert.deepEqual(await both.verify(assertion()), { email: 'ana@example.com' });
    const google = makeOperatorIdentity({ audience: ['firebreak-p1'], clock, keys });
    await assert.rejects(google.verify(assertion()), /names no audience of Identity-Aware Proxy/);
  });

  it('does not accept a token of one kind for the other', async () => {
    const both = makeOperatorIdentity({ audience: ['firebreak-p1', AUDIENCE], clock, keys });
    await assert.rejects(both.verify(assertion({ iss: 'https://accounts.google.com' })), Malformed);
    await assert.rejects(both.verify(assertion({ aud: 'firebreak-p1' })), /another audience/);
    await assert.rejects(both.verify('nothing'), Malformed);
    const iap = makeOperatorIdentity({ audience: [AUDIENCE], clock, keys });
    await assert.rejects(iap.verify('a.b.c'), /names no audience of ID tokens/);
  });

  it('adds to a refused ID token how to send a request without one, but not to a refused assertion', async () => {
    const audience = [AUDIENCE];
    const told = async (token: string): Promise<string> =>
      makeOperatorIdentity({ audience, clock, keys })
        .verify(token)
        .then(
          () => '',
          (thrown: unknown) => (thrown instanceof Malformed ? thrown.message : ''),
        );
    const ofGoogle = assertion({ iss: 'https://accounts.google.com' });
    assert.equal(
      await told(ofGoogle),
      'the ID token is not accepted: FIREBREAK_OPERATOR_AUDIENCE names no audience of ID tokens; what needs no verified operator can be sent with --no-id-token',
    );
    audience.push('firebreak-p1');
    assert.match(await told(ofGoogle), /; what needs no verified operator can be sent with --no-id-token$/);
    assert.equal(
      await told(assertion({ aud: '/projects/1/other' })),
      'the ID token is not accepted: it is for another audience than FIREBREAK_OPERATOR_AUDIENCE names',
    );
  });

  it('throws Transient if the keys of ID tokens cannot be read', async () => {
    const down = { ...keys, google: () => Promise.reject(new Error('no route')) };
    const both = makeOperatorIdentity({ audience: ['firebreak-p1'], clock, keys: down });
    await assert.rejects(both.verify(assertion({ iss: 'https://accounts.google.com' })), Transient);
  });
});
