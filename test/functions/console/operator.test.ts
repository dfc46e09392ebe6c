import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { Malformed, Transient } from '../../../shared/errors.ts';
import type { IdentityVerifier } from '../../../shared/ports.ts';
import { MINER } from '../../kit/asks.ts';
import { consoleKit, fieldsOf, TOKEN } from '../../kit/console.ts';
import { decisionKit, findingOn, type Kit, podNamed, targetOf } from '../../kit/decision.ts';

/** Accepts tokens of the form `a.NAME.b` and refuses all others. */
const verifier: IdentityVerifier = {
  verify: async (token) => {
    if (token === 'a.down.b') throw new Transient('the keys cannot be read');
    const email = /^a\.(\w+)\.b$/.exec(token)?.[1];
    if (email === undefined || email === 'expired')
      throw new Malformed('the ID token is not accepted: it has expired, or lives longer than 2 hours; sign in again');
    return { email: `${email}@example.com`, domain: 'example.com' };
  },
};
const door = { kind: 'verified', verifier } as const;
const iap = (token: string) => ({ 'x-goog-iap-jwt-assertion': token });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const named = (): Kit => decisionKit('mode: act\noperators: { emails: [bob@example.com] }');

describe('the visitor of a deployed console', () => {
  it('is identified by the assertion of the proxy or by the ID token', async () => {
    const { get } = consoleKit({ door }, named());
    assert.match(
      (await get('/', { headers: iap('a.ana.b') })).body,
      /ana@example\.com<\/bdi> <span class="dim">\(by Identity-Aware/,
    );
    assert.match(
      (await get('/', { headers: bearer('a.bob.b') })).body,
      /bob@example\.com<\/bdi> <span class="dim">\(by ID token/,
    );
  });

  it("is identified by the proxy's assertion even if a token of somebody else is sent too", async () => {
    const { get } = consoleKit({ door });
    assert.match((await get('/', { headers: { ...iap('a.ana.b'), ...bearer('a.bob.b') } })).body, /ana@example/);
    assert.equal((await get('/', { headers: { ...iap('a.expired.b'), ...bearer('a.bob.b') } })).status, 403);
  });

  const nobody: Array<[string, Record<string, string | string[]>, RegExp]> = [
    ['nothing', {}, /Nobody is signed in/],
    ['a token that is not good', iap('a.expired.b'), /it has expired/],
    ['a token without its signature', bearer('a.ana.SIGNATURE_REMOVED_BY_GOOGLE'), /X-Serverless-Authorization/],
    [
      'a name alone',
      { 'x-goog-authenticated-user-email': 'accounts.google.com:ana@example.com' },
      /Nobody is signed in/,
    ],
    ['two assertions', { 'x-goog-iap-jwt-assertion': ['a.ana.b', 'a.bob.b'] }, /Nobody is signed in/],
    ['a password', { authorization: 'Basic YW5hOmFuYQ==' }, /Nobody is signed in/],
  ];
  for (const [what, headers, because] of nobody)
    it(`sees nothing with ${what}, and is counted`, async () => {
      const kit = decisionKit();
      await kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-'))));
      const counted: string[] = [];
      const log = { ...kit.ports.log, count: (what: string) => void counted.push(what) };
      const { get } = consoleKit({ door, log }, kit);
      const { id } = await kit.incident();
      for (const path of ['/', `/incidents/${id}`, `/events?incident=${id}`]) {
        const { status, body } = await get(path, { headers });
        assert.equal(status, 403);
        assert.match(body, because);
        assert.ok(!body.includes('cart'));
      }
      assert.deepEqual(counted, ['console-refused', 'console-refused', 'console-refused']);
      assert.equal((await get('/style.css', { headers })).status, 200);
    });

  it('sees nothing with an ID token alone unless the policy names its address, because anybody can get one', async () => {
    const { get } = consoleKit({ door });
    assert.match((await get('/', { headers: bearer('a.bob.b') })).body, /only those whom the policy names/);
    const listed = consoleKit({ door }, named());
    assert.equal((await listed.get('/', { headers: bearer('a.bob.b') })).status, 200);
    assert.equal((await listed.get('/', { headers: bearer('a.eve.b') })).status, 403);
    assert.equal((await listed.get('/events', { headers: bearer('a.eve.b') })).status, 403);
    assert.equal((await listed.get('/', { headers: iap('a.eve.b') })).status, 200);
  });

  it('is let in by an ID token of a domain that the policy names, and of no other that looks like it', async () => {
    const kit = decisionKit('mode: act\noperators: { domains: [example.com] }');
    const status = async (email: string, domain = email.slice(email.lastIndexOf('@') + 1)) => {
      const verifier = { verify: async () => ({ email, ...(domain === '' ? {} : { domain }) }) };
      const { get } = consoleKit({ door: { kind: 'verified', verifier } }, kit);
      return (await get('/', { headers: bearer('a.x.b') })).status;
    };
    assert.equal(await status('bo@example.com'), 200);
    assert.equal(await status('bo@example.com', ''), 403, 'a private account');
    for (const email of [
      'bo@evil-example.com',
      'bo@sub.example.com',
      'bo@example.com.evil.org',
      'bo@example.com@evil.org',
      'bo@example.org',
    ])
      assert.equal(await status(email), 403, email);
  });

  it('cannot ask with the cookie of a console on one machine, which any host may set', async () => {
    const { get, post, sent } = consoleKit({ door });
    const headers = { ...iap('a.ana.b'), cookie: `__Host-firebreak=${TOKEN}` };
    const form = { ...fieldsOf((await get('/', { headers })).body, 'halt'), reason: 'x' };
    assert.equal((await post(form, { headers: { ...headers, cookie: `firebreak=${TOKEN}` } })).status, 403);
    assert.deepEqual(sent, []);
    assert.equal((await post(form, { headers })).status, 303);
  });

  it('gets status 503 if the signing keys cannot be read', async () => {
    const { get } = consoleKit({ door });
    assert.equal((await get('/', { headers: iap('a.down.b') })).status, 503);
  });

  it('gets a cookie that no other host and no plain connection can set', async () => {
    const { get } = consoleKit({ door });
    const { headers } = await get('/', { headers: iap('a.ana.b') });
    assert.match(
      headers['set-cookie'] ?? '',
      /^__Host-firebreak=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    );
  });

  it('is named in the request, together with the proof that operate checks', async () => {
    const kit = decisionKit('mode: act\noperators: { domains: [example.com], another: [delete-workload] }');
    Object.assign(kit.ports, { verifier });
    await kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-')), MINER));
    const { id } = await kit.incident();
    const console = consoleKit({ door }, kit);
    const headers = { ...iap('a.ana.b'), cookie: `__Host-firebreak=${TOKEN}` };
    const form = fieldsOf((await console.get(`/incidents/${id}`, { headers })).body, 'approve');
    assert.equal((await console.post(form, { headers })).status, 303);
    const [made] = console.sent;
    assert.deepEqual([made?.requestedBy, made?.idToken], ['ana@example.com', 'a.ana.b']);
    assert.equal((await kit.ask(made)).state, 'accepted');
    assert.equal((await kit.incident()).goal?.by, 'ana@example.com');
    const { body } = await console.get(`/incidents/${id}`, { headers });
    assert.ok(!body.includes('a.ana.b'), 'the proof is shown nowhere');
  });

  it('may read but not act if the policy does not name them', async () => {
    const kit = decisionKit('mode: act\noperators: { domains: [example.org] }');
    await kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-')), MINER));
    const { get } = consoleKit({ door }, kit);
    const { body } = await get(`/incidents/${(await kit.incident()).id}`, { headers: iap('a.ana.b') });
    assert.match(body, /You may look and not act: ana@example\.com is not an operator/);
    assert.doesNotMatch(body, /<button/);
  });
});

describe('a console on one machine', () => {
  it('answers only local connections, and only under a local host name', async () => {
    const { get } = consoleKit();
    for (const host of ['127.0.0.1:8080', 'localhost:8080', '[::1]:8080'])
      assert.equal((await get('/', { headers: { host } })).status, 200, host);
    assert.equal((await get('/', { remote: '::ffff:127.0.0.1' })).status, 200);
    for (const remote of ['192.0.2.7', '::ffff:192.0.2.7', undefined])
      assert.equal((await get('/', { remote })).status, 403, String(remote));
    for (const host of ['evil.example:8080', '127.0.0.1.evil.example', 'localhost.evil.example', '192.0.2.7', ''])
      assert.equal((await get('/', { headers: { host } })).status, 403, host);
  });

  it('ignores headers that claim an identity', async () => {
    const { get } = consoleKit();
    const { body } = await get('/', { headers: { ...iap('a.ana.b'), ...bearer('a.bob.b') } });
    assert.match(body, /operator@localhost/);
    assert.doesNotMatch(body, /ana@|bob@/);
  });
});
