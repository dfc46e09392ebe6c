import { strict as assert } from 'node:assert';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpCall } from '../../../shared/adapters/http-call.ts';
import { startServer } from '../../kit/listening.ts';

describe('httpCall', () => {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  let url = '';
  let stop = async (): Promise<void> => undefined;
  before(async () => {
    ({ url, stop } = await startServer((request, response) => answer(request, response)));
  });
  after(() => stop());
  const call = (more: Partial<Parameters<typeof httpCall>[0]> = {}) =>
    httpCall({
      url: `${url}/a?b=c`,
      method: 'GET',
      headers: { accept: 'x' },
      signal: new AbortController().signal,
      ...more,
    });

  it('sends the whole body by every method, and returns the whole answer', async () => {
    const seen: unknown[] = [];
    answer = async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString('utf8');
      seen.push([request.method, request.url, request.headers.accept, request.headers['content-length'], body]);
      response.writeHead(201, { 'retry-after': '3' });
      response.write('é'.repeat(70_000));
      setImmediate(() => response.end('!'));
    };
    for (const method of ['POST', 'PATCH', 'DELETE']) {
      const answered = await call({ method, body: '"é"' });
      assert.deepEqual(answered, { status: 201, retryAfter: '3', text: `${'é'.repeat(70_000)}!`, cut: false });
    }
    assert.deepEqual(
      seen,
      ['POST', 'PATCH', 'DELETE'].map((method) => [method, '/a?b=c', 'x', '4', '"é"']),
    );
  });

  it('returns a redirect instead of following it, so that the token goes nowhere else', async () => {
    let requests = 0;
    answer = (_, response) => {
      requests += 1;
      response.writeHead(302, { location: `${url}/elsewhere` }).end('there');
    };
    assert.deepEqual(await call(), { status: 302, retryAfter: undefined, text: 'there', cut: false });
    assert.equal(requests, 1);
  });

  it('rejects with the reason of its signal, before an answer and in the middle of one', async () => {
    const reason = new Error('late');
    for (const begin of [() => undefined, (_: IncomingMessage, response: ServerResponse) => void response.write('[')]) {
      answer = begin;
      const ending = new AbortController();
      setTimeout(() => ending.abort(reason), 50);
      await assert.rejects(call({ signal: ending.signal }), reason);
    }
  });

  it('reads no more of a success than it was told to, but all of a refusal', async () => {
    const more = (response: ServerResponse): void => {
      if (response.destroyed) return;
      response.write('x'.repeat(1_000), () => more(response));
    };
    answer = (_, response) => more(response);
    const text = 'x'.repeat(1_500);
    assert.deepEqual(await call({ maxBytes: 1_500 }), { status: 200, retryAfter: undefined, text, cut: true });
    answer = (_, response) => response.end('x'.repeat(1_500));
    assert.deepEqual(await call({ maxBytes: 1_500 }), { status: 200, retryAfter: undefined, text, cut: false });
    answer = (_, response) => response.writeHead(404).end('x'.repeat(2_000));
    assert.equal((await call({ maxBytes: 1_500 })).text.length, 2_000);
  });

  it('rejects an answer that breaks off, and gives the reason if nobody listens', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('[');
      setImmediate(() => response.destroy());
    };
    await assert.rejects(call());
    await assert.rejects(call({ url: 'http://localhost:1/' }), /ECONNREFUSED/);
  });
});
