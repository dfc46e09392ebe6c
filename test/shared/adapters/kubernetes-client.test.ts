import { strict as assert } from 'node:assert';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { listening } from '../../../local/listening.ts';
import { makeKubernetesReader } from '../../../shared/adapters/kubernetes.ts';
import { makeClientWire } from '../../../shared/adapters/kubernetes-client.ts';
import { Malformed, Transient } from '../../../shared/errors.ts';
import { makeCertificate } from '../../kit/certificate.ts';
import { startServer } from '../../kit/listening.ts';

describe('makeClientWire', () => {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  let url = '';
  let stop = async (): Promise<void> => undefined;
  before(async () => {
    ({ url, stop } = await startServer((request, response) => answer(request, response)));
  });
  after(() => stop());
  const open = (more: Partial<Parameters<typeof makeClientWire>[0]> = {}) =>
    makeClientWire({ server: url, token: async () => 'secret-token', ...more });

  it('sends path, query, token, content type and body as given', async () => {
    const seen: unknown[] = [];
    answer = (request, response) => {
      request.on('data', (chunk) => seen.push(String(chunk)));
      request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}'));
      seen.push(request.method, request.url, request.headers.authorization, request.headers['content-type']);
    };
    const body = { metadata: { labels: { a: null }, x: [{ $patch: 'delete', uid: 'u' }] } };
    const answered = await open({ server: `${url}/prefix/` })({
      method: 'PATCH',
      path: '/api/v1/nodes/n1',
      query: { fieldSelector: 'a=b,c=d' },
      contentType: 'application/merge-patch+json',
      body,
    });
    assert.deepEqual(answered, { status: 200, body: { a: 1 } });
    assert.deepEqual(seen, [
      'PATCH',
      '/prefix/api/v1/nodes/n1?fieldSelector=a%3Db%2Cc%3Dd',
      'Bearer secret-token',
      'application/merge-patch+json',
      JSON.stringify(body),
    ]);
  });
  it('gets a token for every request', async () => {
    let count = 0;
    const seen: unknown[] = [];
    answer = (request, response) => {
      seen.push(request.headers.authorization);
      response.end('{}');
    };
    const wire = open({ token: async () => `t${++count}` });
    await wire({ method: 'GET', path: '/api/v1' });
    await wire({ method: 'GET', path: '/api/v1' });
    assert.deepEqual(seen, ['Bearer t1', 'Bearer t2']);
  });
  it('sends a change once more under a new token where the first is refused', async () => {
    const seen: unknown[] = [];
    answer = (request, response) => {
      seen.push(`${request.method} ${request.headers.authorization} ${request.headers['content-type']}`);
      response.writeHead(request.headers.authorization === 'Bearer t1' ? 401 : 200).end('{}');
    };
    const wire = open({ token: async (refused) => (refused === 't1' ? 't2' : 't1') });
    const answered = await wire({ method: 'PATCH', path: '/api/v1/nodes/n1', contentType: 'a/b', body: {} });
    assert.equal(answered.status, 200);
    assert.deepEqual(seen, ['PATCH Bearer t1 a/b', 'PATCH Bearer t2 a/b']);
  });
  it('returns answers of every status, with Retry-After and any body', async () => {
    answer = (_request, response) => response.writeHead(429, { 'retry-after': '7' }).end('slow down');
    assert.deepEqual(await open()({ method: 'GET', path: '/api/v1' }), {
      status: 429,
      body: 'slow down',
      retryAfterMs: 7_000,
    });
    answer = (_request, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>');
    assert.deepEqual(await open()({ method: 'GET', path: '/api/v1' }), { status: 502, body: '<html>' });
  });
  it('does not parse a log as JSON', async () => {
    answer = (_request, response) => response.end('{"level":"info"}');
    const answered = await open()({ method: 'GET', path: '/log', accept: 'text' });
    assert.equal(answered.body, '{"level":"info"}');
  });
  it('cuts a log that goes on for ever: the kubelet of a node that was broken into may send what it likes', async () => {
    const more = (response: ServerResponse): void => {
      if (!response.destroyed) response.write('x'.repeat(1_000), () => more(response));
    };
    answer = (_request, response) => more(response);
    const of = { namespace: 'shop', name: 'cart', container: 'main', limitBytes: 4_096 };
    assert.equal(await makeKubernetesReader(open({ timeoutMs: 2_000 })).log(of), 'x'.repeat(4_096));
  });
  it('throws Transient if no answer comes in time', async () => {
    answer = () => undefined;
    const wire = open({ timeoutMs: 50, hint: 'Look at the network.' });
    await assert.rejects(wire({ method: 'GET', path: '/api/v1' }), (e) => {
      return e instanceof Transient && /no answer in time.* Look at the network\./.test(e.message);
    });
  });
  it('throws Transient if the answer breaks off', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"a":');
      setImmediate(() => response.destroy());
    };
    await assert.rejects(open()({ method: 'GET', path: '/api/v1' }), Transient);
  });
  it('throws Transient without the token if nobody listens', async () => {
    const wire = open({ server: 'http://127.0.0.1:1' });
    await assert.rejects(wire({ method: 'GET', path: '/api/v1' }), (e) => {
      return e instanceof Transient && !e.message.includes('secret-token');
    });
  });
  it('throws Transient if it gets no token', async () => {
    const token = async (): Promise<string> => {
      throw new Error('no metadata server');
    };
    await assert.rejects(open({ token })({ method: 'GET', path: '/api/v1' }), Transient);
  });
  it('throws Transient if its token does not come in time, and then sends nothing even when it does', async () => {
    let asked = 0;
    answer = (_request, response) => {
      asked += 1;
      response.end('{}');
    };
    const coming = Promise.withResolvers<string>();
    const late = open({ token: () => coming.promise, timeoutMs: 50 });
    await assert.rejects(late({ method: 'DELETE', path: '/api/v1/nodes/n1' }), (e) => {
      return e instanceof Transient && /no answer in time/.test(e.message);
    });
    coming.resolve('t');
    await open()({ method: 'GET', path: '/api/v1' });
    assert.equal(asked, 1);
  });
  it('refuses to send a token over plain HTTP to another machine', () => {
    for (const bad of [
      'http://203.0.113.7',
      'http://127.0.0.1.example.com',
      'http://localhost@example.com',
      'ftp://x',
    ]) {
      assert.throws(() => open({ server: bad }), Malformed, bad);
    }
  });
  it('keeps its connection to a cluster that has its own CA', async function () {
    const made = makeCertificate();
    if (made === undefined) return this.skip();
    const tls = createTlsServer(made, (_request, response) => response.end('{}'));
    let connections = 0;
    tls.on('secureConnection', () => {
      connections += 1;
    });
    const host = `127.0.0.1:${await listening(tls)}`;
    const caData = Buffer.from(made.cert).toString('base64');
    const wire = open({ server: `https://${host}`, caData });
    try {
      for (let i = 0; i < 10; i += 1) assert.equal((await wire({ method: 'GET', path: '/api/v1' })).status, 200);
      assert.ok(connections < 5, `${connections} connections for 10 requests`);
      const strange = open({ server: `https://${host}` });
      await assert.rejects(strange({ method: 'GET', path: '/api/v1' }), Transient);
    } finally {
      tls.closeAllConnections();
      tls.close();
    }
  });
});
