import { strict as assert } from 'node:assert';
import { makeKubernetesReader, makeKubernetesWriter } from '../../../shared/adapters/kubernetes.ts';
import { errorOf, isMissing, messageOf } from '../../../shared/adapters/kubernetes-errors.ts';
import type { WireAnswer } from '../../../shared/adapters/kubernetes-wire.ts';
import { Conflict, Denied, Exhausted, Malformed, Transient, Unadmitted } from '../../../shared/errors.ts';

const status = (code: number, reason: string, message: string, details?: unknown): WireAnswer => ({
  status: code,
  body: { kind: 'Status', status: 'Failure', reason, message, code, ...(details === undefined ? {} : { details }) },
});

/** The API server's answer if RBAC does not give a right. */
const cannot = (verb: string, resource: string, name: string): WireAnswer =>
  status(
    403,
    'Forbidden',
    `${resource} "${name}" is forbidden: User "decide@p1" cannot ${verb} resource "${resource}" in API group "" in the namespace "shop"`,
  );

describe('the error for an answer of the API server', () => {
  const cases: Array<[string, WireAnswer, new (m: string) => Error]> = [
    ['401', status(401, 'Unauthorized', 'Unauthorized'), Denied],
    ['403', status(403, 'Forbidden', 'pods "x" is forbidden: User "a" cannot patch'), Denied],
    ['403 about a quota', status(403, 'Forbidden', 'pods "x" is forbidden: exceeded quota: pods'), Exhausted],
    [
      '403 about a quota of another group',
      status(
        403,
        'Forbidden',
        'networkpolicies.networking.k8s.io is forbidden: status unknown for quota: a, resources: b',
      ),
      Transient,
    ],
    ['403 about a rate', status(403, 'Forbidden', 'Rate Limit Exceeded'), Transient],
    ['403 of a front end', { status: 403, body: "Quota exceeded for quota metric 'Requests'" }, Transient],
    ['403 about an object called quota', cannot('get', 'secrets', 'quota'), Denied],
    ['403 about a kind called quota', cannot('get', 'resourcequotas', 'compute'), Denied],
    ['403 about an object called throttle', cannot('get', 'secrets', 'ratelimit.throttle'), Denied],
    ['403 about a path', status(403, 'Forbidden', 'forbidden: User "a" cannot get path "/quota"'), Denied],
    [
      '403 to a caller with a strange name',
      status(
        403,
        'Forbidden',
        'pods "x" is forbidden: exceeded quota: a, User "\\" cannot " cannot get resource "pods"',
      ),
      Denied,
    ],
    [
      '403 of a policy that quotes an annotation',
      status(403, 'Forbidden', 'pods "x" is forbidden: policy p denied request: exceeded quota: too many requests'),
      Denied,
    ],
    [
      '403 of a webhook',
      status(403, 'Forbidden', 'admission webhook "quota.example.com" denied the request: rate limit exceeded'),
      Denied,
    ],
    [
      '500 for a webhook that does not answer',
      status(500, 'InternalError', 'Internal error occurred: failed calling webhook "a.example.com": failed to call'),
      Unadmitted,
    ],
    [
      '500 that quotes such words',
      status(500, 'InternalError', 'Internal error occurred: a: failed calling webhook "a.example.com"'),
      Transient,
    ],
    ['404', status(404, 'NotFound', 'namespaces "x" not found'), Conflict],
    ['404 of a front end', { status: 404, body: '<html>Error 404 (Not Found)!!1</html>' }, Transient],
    ['409', status(409, 'Conflict', 'the object has been modified'), Conflict],
    ['409, taken', status(409, 'AlreadyExists', 'already exists'), Conflict],
    ['408', status(408, 'Timeout', 'x'), Transient],
    ['410', status(410, 'Expired', 'x'), Conflict],
    ['412', status(412, '', 'precondition'), Conflict],
    ['422 of another uid', status(422, 'Invalid', 'x', { causes: [{ field: 'metadata.uid' }] }), Conflict],
    ['422', status(422, 'Invalid', 'x', { causes: [{ field: 'spec' }] }), Malformed],
    ['400 about a uid', status(400, 'BadRequest', 'x', { causes: [{ field: 'metadata.uid' }] }), Malformed],
    ['400', status(400, 'BadRequest', 'x'), Malformed],
    ['413', status(413, 'RequestEntityTooLarge', 'x'), Malformed],
    ['415', status(415, 'UnsupportedMediaType', 'x'), Malformed],
    ['429', status(429, 'TooManyRequests', 'x'), Transient],
    ['500', status(500, 'InternalError', 'x'), Transient],
    ['500 for an object that is too large', status(500, '', 'etcdserver: request is too large'), Malformed],
    [
      '500 for a message that is too large',
      status(500, '', 'rpc error: code = ResourceExhausted desc = trying to send message larger than max (9 vs. 8)'),
      Malformed,
    ],
    ['500 that quotes such words', status(500, '', 'pod "a": etcdserver: request is too large'), Transient],
    ['503 of a proxy', { status: 503, body: '<html>busy</html>' }, Transient],
    ['302', { status: 302, body: '' }, Transient],
  ];
  for (const [name, answer, error] of cases) {
    it(`${name}: ${error.name}`, () => {
      const made = errorOf(answer, 'patch Pod shop/cart');
      // A quota is Transient too, but nobody may free it for a long time: the exact class counts.
      assert.equal(made.constructor, error);
      assert.match(made.message, /patch Pod shop\/cart/);
    });
  }
  it('says what to do about a missing right, and not that of a policy which refuses', () => {
    const { message } = errorOf(cannot('patch', 'pods', 'cart'), 'patch Pod shop/cart');
    assert.match(message, /\. Grant it \(`firebreak doctor` says what to apply\), or accept the refusal\.$/);
    const refused = errorOf(status(403, 'Forbidden', 'admission webhook "a" denied the request: b'), 'patch Pod a');
    assert.match(refused.message, /b\. Grant it, or accept the refusal\.$/);
  });
  it('takes a thing for missing only by a 404 of the API server itself', () => {
    assert.ok(isMissing(status(404, 'NotFound', 'pods "x" not found')));
    assert.ok(isMissing({ status: 404, body: '404 page not found\n' }));
    assert.ok(!isMissing({ status: 404, body: '' }));
    assert.ok(!isMissing({ status: 404, body: '<html>404 page not found</html>' }));
    for (const code of [200, 403, 410, 503]) {
      assert.ok(!isMissing(status(code, 'NotFound', 'pods "x" not found')));
      assert.ok(!isMissing({ status: code, body: '404 page not found' }));
    }
  });
  it("gives the reason of Google's own front end, such as that of a DNS endpoint", () => {
    const refusal = (code: number, status: string, message: string): WireAnswer => {
      const error = { code, status, message };
      return { status: code, body: { error } };
    };
    const denied = errorOf(refusal(403, 'PERMISSION_DENIED', "'container.clusters.connect' denied"), 'get Pod a');
    assert.ok(denied instanceof Denied);
    assert.match(denied.message, /\(403\): 'container\.clusters\.connect' denied\. Grant it/);
    const limited = errorOf(refusal(403, 'RESOURCE_EXHAUSTED', "Quota exceeded for quota metric 'Requests'"), 'get');
    assert.equal(limited.constructor, Transient);
    assert.ok(!isMissing(refusal(404, 'NOT_FOUND', '404 page not found')));
  });
  it("shortens the server's message to one line", () => {
    const said = messageOf(status(400, 'BadRequest', `first\nsecond\u001b[31m\u202e${'x'.repeat(5_000)}`));
    assert.ok(said.length <= 600);
    assert.doesNotMatch(said, /[\n\u001b\u202e]/);
  });
  it('says "no message" for an answer without one', () => {
    for (const body of [undefined, null, 7, [], {}, '']) assert.equal(messageOf({ status: 500, body }), 'no message');
  });
});

describe('a server whose answers cannot be used', () => {
  const discovery = {
    resources: [
      { name: 'pods', kind: 'Pod', namespaced: true },
      { name: 'pods/log', kind: 'Pod', namespaced: true },
    ],
  };
  const saying =
    (...answers: WireAnswer[]) =>
    async (): Promise<WireAnswer> =>
      answers.shift() ?? { status: 200, body: discovery };
  const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'a' };
  const found: WireAnswer = { status: 200, body: discovery };

  it('makes the reader throw Transient for a body that is no object or list', async () => {
    for (const body of ['', 'x', [], {}, { kind: 'Pod', apiVersion: 'v1', metadata: {} }]) {
      await assert.rejects(makeKubernetesReader(saying(found, { status: 200, body })).get(ref), Transient);
      await assert.rejects(makeKubernetesReader(saying(found, { status: 200, body })).list(ref), Transient);
    }
  });
  it('makes a list throw Transient if its pages never end or its continue token has expired', async () => {
    const page = { status: 200, body: { metadata: { continue: 'again' }, items: [] } };
    let first = true;
    const endless = async (): Promise<WireAnswer> => {
      if (!first) return page;
      first = false;
      return found;
    };
    await assert.rejects(makeKubernetesReader(endless).list(ref), Transient);
    const lapsed = saying(found, page, status(410, 'Expired', 'the provided continue parameter is too old'));
    await assert.rejects(makeKubernetesReader(lapsed).list(ref), Transient);
  });
  it('gives the last page of a list without a continue token, or with an empty one', async () => {
    for (const metadata of [{}, { continue: '' }]) {
      const last = { status: 200, body: { metadata, items: [] } };
      assert.deepEqual(await makeKubernetesReader(saying(found, last, { status: 500, body: '' })).list(ref), []);
    }
  });
  it('cannot change the path of a request by the names of its resources', async () => {
    const evil = { resources: [{ name: '../../secrets', kind: 'Pod', namespaced: true }] };
    assert.equal(await makeKubernetesReader(saying({ status: 200, body: evil })).get(ref), undefined);
  });
  it('is asked again for a kind that it did not know before', async () => {
    const metadata = {
      name: 'a',
      namespace: 'shop',
      uid: 'u',
      resourceVersion: '1',
      creationTimestamp: '2026-03-02T10:00:00Z',
    };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata };
    const reader = makeKubernetesReader(
      saying({ status: 200, body: { resources: [] } }, found, { status: 200, body: pod }),
    );
    assert.equal(await reader.get(ref), undefined);
    assert.equal((await reader.get(ref))?.metadata.uid, 'u');
  });
  it('blocks an eviction for as long as it says', async () => {
    const causes = [
      { reason: 'DisruptionBudget', message: 'The disruption budget cart is still being processed by the server.' },
    ];
    const refused = status(429, 'TooManyRequests', 'no', { causes, retryAfterSeconds: 10 });
    const verdict = await makeKubernetesWriter(saying(refused)).evict({ namespace: 'shop', name: 'a', uid: 'u' });
    assert.deepEqual(verdict, { outcome: 'blocked', because: causes[0]?.message, retryAfterMs: 10_000 });
  });
  it('makes an eviction throw Transient if only the rate of calls is refused', async () => {
    const refused = status(429, 'TooManyRequests', 'Too many requests, please try again later.');
    await assert.rejects(
      makeKubernetesWriter(saying(refused)).evict({ namespace: 'shop', name: 'a', uid: 'u' }),
      Transient,
    );
  });
});
