import { strict as assert } from 'node:assert';
import { createServer, type Server } from 'node:http';
import { z } from 'zod';
import { ended, listening } from '../../../local/listening.ts';
import { readAccountId, readPolicyOf, readRole } from '../../../shared/adapters/project-access.ts';
import { makeProjectApi, type ProjectApi } from '../../../shared/adapters/project-api.ts';
import { readBucket, readDatabases } from '../../../shared/adapters/project-data.ts';
import { Denied, Transient } from '../../../shared/errors.ts';

type Answer = { status?: number; body?: unknown; hang?: boolean };

describe('makeProjectApi', () => {
  let server: Server;
  let answers: Answer[] = [];
  let asked: Array<{ method: string; url: string; authorization: string; type: string; body: string }> = [];
  let api: ProjectApi;
  before(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method = '', url = '', headers } = request;
      const { authorization = '', 'content-type': type = '' } = headers;
      asked.push({ method, url, authorization, type, body: Buffer.concat(chunks).toString() });
      const { status = 200, body = {}, hang } = answers.shift() ?? {};
      if (hang === true) return;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    const port = await listening(server);
    api = makeProjectApi({
      headers: async () => ({ authorization: 'Bearer t' }),
      originOf: () => `http://127.0.0.1:${port}`,
      timeoutMs: 500,
    });
  });
  after(() => ended(server));
  beforeEach(() => {
    answers = [];
    asked = [];
  });

  const thing = z.looseObject({ name: z.string() });
  const ask = (body?: unknown) =>
    api.ask({ service: 'pubsub', path: '/v1/things/one', schema: thing, ...(body === undefined ? {} : { body }) });

  it('asks under our identity, with GET, or with POST if there is a body', async () => {
    answers = [{ body: { name: 'one' } }, { body: { name: 'two' } }];
    assert.deepEqual(await ask(), { name: 'one' });
    assert.deepEqual(await ask({ a: 1 }), { name: 'two' });
    assert.deepEqual(
      asked.map(({ method, authorization, type, body }) => [method, authorization, type, body]),
      [
        ['GET', 'Bearer t', '', ''],
        ['POST', 'Bearer t', 'application/json', '{"a":1}'],
      ],
    );
  });

  it('says that there are no credentials, where there are none, and not that the service is down', async () => {
    const none = makeProjectApi({
      headers: async () => {
        throw new Denied('no credentials: sign in');
      },
    });
    await assert.rejects(
      none.ask({ service: 'pubsub', path: '/v1/things/one', schema: thing }),
      (thrown) => thrown instanceof Denied && thrown.message === 'no credentials: sign in',
    );
  });

  it('returns undefined for 404, and throws Denied with the reason for a refusal', async () => {
    answers = [{ status: 404, body: { error: { message: 'no' } } }];
    assert.equal(await ask(), undefined);
    const message = 'Cloud Pub/Sub API has not been used\u001b[2J in project p1';
    answers = [
      { status: 403, body: { error: { message } } },
      { status: 401, body: 'none of it' },
    ];
    await assert.rejects(
      ask(),
      new Denied(
        'pubsub.googleapis.com/v1/things/one refused (403): "Cloud Pub/Sub API has not been used [2J in project p1"',
      ),
    );
    await assert.rejects(ask(), new Denied('pubsub.googleapis.com/v1/things/one refused (401)'));
  });

  it('throws Transient for anything else: an error, no JSON, another shape, no answer', async () => {
    answers = [{ status: 503 }, { body: 'not JSON' }, { body: { name: 1 } }, { hang: true }];
    await assert.rejects(ask(), new Transient('pubsub.googleapis.com/v1/things/one answered 503'));
    await assert.rejects(ask(), /answered something else than expected/);
    await assert.rejects(ask(), (thrown) => thrown instanceof Transient && /\(name: /.test(thrown.message));
    await assert.rejects(ask(), (thrown) => thrown instanceof Transient && /gave no answer/.test(thrown.message));
  });

  it('reads every page of a listing with the same query', async () => {
    answers = [{ body: { things: [{ name: 'a' }], nextPageToken: 'x y' } }, { body: { things: [{ name: 'b' }] } }];
    const found = await api.all({ service: 'pubsub', path: '/v1/things', query: { filter: 'f' } }, 'things', thing);
    assert.deepEqual(
      found.map(({ name }) => name),
      ['a', 'b'],
    );
    assert.deepEqual(
      asked.map(({ url }) => url),
      ['/v1/things?filter=f', '/v1/things?filter=f&pageToken=x+y'],
    );
  });

  it('throws Transient for a listing from which places are missing: what is there must not look missing', async () => {
    const unreachable = ['projects/p1/locations/europe-west1'];
    answers = [{ body: { things: [{ name: 'a' }], unreachable } }, { body: { databases: [], unreachable } }];
    const partly =
      /^Transient: .*\/(things|databases) answered without what is in projects\/p1\/locations\/europe-west1,/;
    await assert.rejects(api.all({ service: 'functions', path: '/v2/things' }, 'things', thing), partly);
    await assert.rejects(readDatabases(api, 'p1'), partly);
  });

  it('asks for no bucket whose name is none: the name stands in the environment of a function', async () => {
    for (const name of ['p1-evidence/../../../b/p2-other', 'p1-evidence/o?x=', '..', '']) {
      assert.deepEqual(await readPolicyOf(api, 'p1', { kind: 'bucket', name }), []);
      assert.equal(await readBucket(api, name), undefined);
    }
    await readPolicyOf(api, 'p1', { kind: 'bucket', name: 'p1-evidence' });
    assert.deepEqual(
      asked.map(({ url }) => url),
      ['/storage/v1/b/p1-evidence/iam?optionsRequestedPolicyVersion=3'],
    );
  });

  it('asks for no account and no role whose name is none', async () => {
    for (const name of ['decide@p1.iam.gserviceaccount.com/../x', 'a@b?x=', '..', '']) {
      assert.deepEqual(await readPolicyOf(api, 'p1', { kind: 'account', name }), []);
      assert.equal(await readAccountId(api, name), undefined);
    }
    for (const name of ['roles/../projects/p2', 'roles/a?b', 'projects/p1', ''])
      assert.equal(await readRole(api, name), undefined);
    assert.deepEqual(asked, []);
  });

  it('knows no permissions of a role that was deleted', async () => {
    answers = [
      { body: { includedPermissions: ['a.b.c'] } },
      { body: { includedPermissions: ['a.b.c'], deleted: true } },
    ];
    assert.deepEqual(await readRole(api, 'roles/viewer'), ['a.b.c']);
    assert.equal(await readRole(api, 'projects/p1/roles/old'), undefined);
  });

  it('returns an empty list for a listing without items', async () => {
    answers = [{ body: {} }, { status: 404 }];
    assert.deepEqual(await api.all({ service: 'pubsub', path: '/v1/things' }, 'things', thing), []);
    assert.deepEqual(await api.all({ service: 'pubsub', path: '/v1/things' }, 'things', thing), []);
  });
});
