import { strict as assert } from 'node:assert';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GoogleAuth, OAuth2Client } from 'google-auth-library';
import { clientOfToken } from '../../../shared/adapters/google-auth.ts';
import { answeringWhole } from '../../../shared/adapters/whole-answers.ts';
import { startServer } from '../../kit/listening.ts';

describe('answeringWhole', () => {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  let url = '';
  let stop = async (): Promise<void> => undefined;
  before(async () => {
    ({ url, stop } = await startServer((request, response) => answer(request, response)));
  });
  after(() => stop());
  const ask = async (timeoutMs = 10_000, signal = new AbortController().signal) => {
    const auth = new GoogleAuth({ authClient: clientOfToken('a-token') });
    const headers = new Headers({ 'x-of': 'the caller' });
    const sent = { method: 'POST', headers, body: '{}', signal };
    const { status, ok, body, arrayBuffer } = await answeringWhole(auth, timeoutMs).fetch(url, sent);
    const text = Buffer.concat(await body.toArray()).toString('utf8');
    assert.equal(Buffer.from(await arrayBuffer()).toString('utf8'), text);
    return { status, ok, text };
  };

  it('returns an answer unchanged, and sends the request under the identity', async () => {
    const seen: unknown[] = [];
    answer = (request, response) => {
      seen.push(request.method, request.headers.authorization, request.headers['x-of']);
      response.write('[{"found":1}\n,');
      setImmediate(() => response.end('{"missing":"of \\"error\\""}]'));
    };
    assert.deepEqual(await ask(), { status: 200, ok: true, text: '[{"found":1}\n,{"missing":"of \\"error\\""}]' });
    assert.deepEqual(seen, ['POST', 'Bearer a-token', 'the caller']);
  });

  it('sends a request again under a new token where the first is refused', async () => {
    const client = new OAuth2Client();
    let count = 0;
    client.refreshHandler = async () => {
      count += 1;
      return { access_token: `t${count}`, expiry_date: Date.now() + 3_600_000 };
    };
    answer = (request, response) =>
      response.writeHead(request.headers.authorization === 'Bearer t1' ? 401 : 200).end('[]');
    const { status } = await answeringWhole(new GoogleAuth({ authClient: client }), 10_000).fetch(url, {});
    assert.deepEqual([status, count], [200, 2]);
  });

  it('returns an error if the last part of the answer is one', async () => {
    answer = (_, response) =>
      response.end('[{"found":1},{"error":{"code":503,"status":"UNAVAILABLE","message":"gone"}}]');
    assert.deepEqual(await ask(), {
      status: 503,
      ok: false,
      text: '{"error":{"code":503,"status":"UNAVAILABLE","message":"gone"}}',
    });
  });

  it('returns an error of the service, whether in a list or not', async () => {
    const said = '{"error":{"code":409,"status":"ALREADY_EXISTS","message":"there","details":[1]}}';
    for (const text of [said, `[${said}]`]) {
      answer = (_, response) => response.writeHead(409).end(text);
      assert.deepEqual(await ask(), { status: 409, ok: false, text: said });
    }
  });

  it('returns 503 for an error that does not come from the service', async () => {
    for (const text of ['<html>"error"</html>', '{}', '']) {
      answer = (_, response) => response.writeHead(404).end(text);
      const { status, ok, text: instead } = await ask();
      assert.deepEqual([status, ok], [503, false]);
      assert.match(instead, /UNAVAILABLE.*404/);
    }
  });

  it('ends if no whole answer comes in time, or the caller aborts', async () => {
    answer = (_, response) => response.write('[{"found":1}');
    await assert.rejects(ask(50));
    const ended = new AbortController();
    setTimeout(() => ended.abort(), 50);
    await assert.rejects(ask(10_000, ended.signal));
  });
});
