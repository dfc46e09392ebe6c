import { strict as assert } from 'node:assert';
import { createServer } from 'node:http';
import { throughProxy } from '../../cli/proxy.ts';
import { ended, listening } from '../../local/listening.ts';
import { httpCall } from '../../shared/adapters/http-call.ts';
import { makeClientWire } from '../../shared/adapters/kubernetes-client.ts';
import { Malformed } from '../../shared/errors.ts';
import type { Environment } from '../../shared/read-environment.ts';
import { captured } from './kit.ts';

const call = (host: string) =>
  httpCall({ url: `https://${host}.invalid/`, method: 'GET', headers: {}, signal: AbortSignal.timeout(5_000) });
const wire = (host: string) =>
  makeClientWire({ server: `https://${host}.invalid`, token: async () => 't' })({ method: 'GET', path: '/api/v1' });

/** The hosts that a proxy is asked for, while the calls go out with these variables. */
const askedOf = async (envOf: (proxy: string) => Environment, calls: () => Array<Promise<unknown>>) => {
  const asked: string[] = [];
  const server = createServer().on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 503 no\r\n\r\n');
  });
  const undo = throughProxy({ env: envOf(`http://127.0.0.1:${await listening(server)}`) });
  try {
    for (const one of await Promise.allSettled(calls())) assert.equal(one.status, 'rejected');
  } finally {
    undo();
    await ended(server);
  }
  return asked.toSorted();
};

describe('throughProxy', () => {
  const all = () => [call('a'), call('b'), wire('c')];
  it('sends https calls through the proxy, those to a cluster too, but for the hosts that need none', async () => {
    assert.deepEqual(await askedOf((proxy) => ({ HTTPS_PROXY: proxy, NO_PROXY: 'b.invalid' }), all), [
      'a.invalid:443',
      'c.invalid:443',
    ]);
    assert.deepEqual(await askedOf((proxy) => ({ https_proxy: proxy, no_proxy: 'a.invalid,c.invalid' }), all), [
      'b.invalid:443',
    ]);
  });

  it('changes nothing without the variable, or with an empty one, and undoes what it changed', async () => {
    assert.deepEqual(await askedOf(() => ({}), all), []);
    assert.deepEqual(await askedOf(() => ({ HTTPS_PROXY: '' }), all), []);
  });

  it('says what is wrong with a text that is no URL of a proxy, without a password in it', () => {
    for (const text of ['u:secret@proxy:3128', 'socks5://u:secret@proxy:1080', '::'])
      assert.throws(
        () => throughProxy(captured({ env: { HTTPS_PROXY: text } }).io),
        (thrown) => thrown instanceof Malformed && /HTTPS_PROXY/.test(thrown.message) && !/secret/.test(thrown.message),
      );
  });
});
