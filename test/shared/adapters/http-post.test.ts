import { strict as assert } from 'node:assert';
import { createServer, type RequestListener } from 'node:http';
import { ended, listening } from '../../../local/listening.ts';
import { makeHttpPost } from '../../../shared/adapters/http-post.ts';
import { Transient } from '../../../shared/errors.ts';

const serverOf = async (listener: RequestListener) => {
  const server = createServer(listener);
  return {
    url: `http://127.0.0.1:${await listening(server)}/a?secret=1`,
    [Symbol.asyncDispose]: () => ended(server),
  };
};

const post = makeHttpPost({ timeoutMs: 300 });

describe('makeHttpPost', () => {
  it('sends headers and body, and returns status, Retry-After and body', async () => {
    await using server = await serverOf((request, response) => {
      request.pipe(response.writeHead(429, { 'retry-after': '3', echo: String(request.headers['x-a']) }));
    });
    const answer = await post({ url: server.url, headers: { 'x-a': 'b' }, body: '{"ü":1}' });
    assert.deepEqual(answer, { status: 429, retryAfter: '3', body: '{"ü":1}' });
  });

  it('reads only the beginning of an answer that does not end', async () => {
    await using server = await serverOf((_, response) => {
      const more = (): void => {
        if (!response.destroyed) response.write('x'.repeat(16 * 1024), more);
      };
      more();
    });
    const { status, body } = await post({ url: server.url, headers: {}, body: '' });
    assert.deepEqual([status, body.length], [200, 1024 * 1024]);
  });

  it('follows no redirect', async () => {
    let asked = 0;
    await using server = await serverOf((_, response) => {
      asked += 1;
      response.writeHead(302, { location: '/other' }).end();
    });
    assert.equal((await post({ url: server.url, headers: {}, body: '' })).status, 302);
    assert.equal(asked, 1);
  });

  it('gives up on a server that does not answer to the end, and names only the origin', async () => {
    const silent: RequestListener[] = [() => undefined, (_, response) => response.writeHead(200).write('begun')];
    for (const listener of silent) {
      await using server = await serverOf(listener);
      await assert.rejects(post({ url: server.url, headers: {}, body: '' }), (thrown) => {
        assert.ok(thrown instanceof Transient);
        assert.match(thrown.message, /^http:\/\/127\.0\.0\.1:\d+ gave no answer: /);
        return true;
      });
    }
    const { url } = await serverOf(() => undefined).then(async (server) => {
      await server[Symbol.asyncDispose]();
      return server;
    });
    await assert.rejects(post({ url, headers: {}, body: '' }), /gave no answer: .*ECONNREFUSED/);
  });
});
