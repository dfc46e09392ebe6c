import { strict as assert } from 'node:assert';
import { createServer } from 'node:http';
import { ended, listening } from '../../../local/listening.ts';
import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { makeLogReader } from '../../../shared/adapters/logging.ts';
import { Denied, Malformed, Transient } from '../../../shared/errors.ts';
import { record } from '../../../shared/kubernetes/loose.ts';

type Answer = { status?: number; body?: unknown; raw?: string; silent?: true };

/** A service that gives these answers in turn, and records the requests. */
const serviceOf = async (...answers: Answer[]) => {
  const asked: Array<{ path: string; authorization: string | undefined; body: Record<string, unknown> }> = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '', headers } = request;
      const body = record(JSON.parse(Buffer.concat(chunks).toString('utf8'))) ?? {};
      asked.push({ path: url, authorization: headers.authorization, body });
      const answer = answers[asked.length - 1] ?? assert.fail('asked once too often');
      if (answer.silent === true) return;
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
      response.end(answer.raw ?? JSON.stringify(answer.body ?? {}));
    });
  });
  const reader = makeLogReader({
    token: async () => 't',
    endpoint: `http://127.0.0.1:${await listening(server)}`,
    timeoutMs: 500,
  });
  return {
    asked,
    read: (limit = 50) => reader.entries({ project: 'p1', filter: 'severity>=ERROR', limit }),
    [Symbol.asyncDispose]: () => ended(server),
  };
};

const ENTRY = auditEntry({ verb: 'list', resource: 'pods' });

describe('reading logs', () => {
  it('asks for the entries of one project, oldest first, with the token', async () => {
    await using service = await serviceOf({ body: { entries: [ENTRY] } });
    assert.deepEqual(await service.read(), [ENTRY]);
    assert.deepEqual(service.asked, [
      {
        path: '/v2/entries:list',
        authorization: 'Bearer t',
        body: { resourceNames: ['projects/p1'], filter: 'severity>=ERROR', orderBy: 'timestamp asc', pageSize: 50 },
      },
    ]);
  });

  // The API wants all other values of a request with a token to be those of the first one.
  it('goes on after an empty page, with all else as it was, and stops when it has enough', async () => {
    await using service = await serviceOf(
      { body: { nextPageToken: 'a' } },
      { body: { entries: [ENTRY, ENTRY], nextPageToken: 'b' } },
      { body: { entries: [ENTRY], nextPageToken: 'c' } },
    );
    assert.equal((await service.read(3)).length, 3);
    assert.deepEqual(
      service.asked.map(({ body }) => [body.pageToken, body.pageSize]),
      [
        [undefined, 3],
        ['a', 3],
        ['b', 3],
      ],
    );
  });

  it('stops after ten pages, with what it has; with nothing it throws Transient, as there may be something', async () => {
    const empty = Array.from({ length: 10 }, () => ({ body: { nextPageToken: 'a' } }));
    await using service = await serviceOf(...empty);
    await assert.rejects(service.read(), (thrown) => thrown instanceof Transient && /goes on/.test(thrown.message));
    assert.equal(service.asked.length, 10);
    await using other = await serviceOf({ body: { entries: [ENTRY], nextPageToken: 'a' } }, ...empty);
    assert.deepEqual(await other.read(), [ENTRY]);
    assert.equal(other.asked.length, 10);
  });

  it('returns nothing if the service has searched it all, whatever the number of pages', async () => {
    const empty = Array.from({ length: 9 }, () => ({ body: { nextPageToken: 'a' } }));
    await using service = await serviceOf(...empty, { body: {} });
    assert.deepEqual(await service.read(), []);
  });

  it('throws Transient if its token does not come in time', async () => {
    const reader = makeLogReader({ token: () => new Promise(() => {}), timeoutMs: 20 });
    await assert.rejects(reader.entries({ project: 'p1', filter: 'severity>=ERROR', limit: 1 }), Transient);
  });

  const refusals: Array<[string, Answer, new (message?: string) => Error, RegExp]> = [
    [
      'a filter that it cannot read',
      { status: 400, body: { error: { message: 'Unparseable filter' } } },
      Malformed,
      /"Unparseable filter"/,
    ],
    [
      'no right',
      { status: 403, body: { error: { message: 'Permission denied\n' } } },
      Denied,
      /p1: refused \(403\): "Permission denied"/,
    ],
    ['a quota', { status: 429 }, Transient, /answered 429/],
    ['an outage', { status: 503, raw: '<html>' }, Transient, /answered 503/],
    ['an answer that is none', { raw: '[]' }, Transient, /no list of entries/],
    ['no answer', { silent: true }, Transient, /no answer/],
  ];
  for (const [what, answer, kind, sentence] of refusals) {
    it(`throws the right error for ${what}`, async () => {
      await using service = await serviceOf(answer);
      await assert.rejects(service.read(), (thrown) => thrown instanceof kind && sentence.test(thrown.message));
    });
  }

  it('asks once more where the token is refused, and throws Denied after the second refusal', async () => {
    await using passing = await serviceOf({ status: 401 }, { body: { entries: [ENTRY] } });
    assert.deepEqual(await passing.read(), [ENTRY]);
    await using service = await serviceOf({ status: 401 }, { status: 401 });
    await assert.rejects(
      service.read(),
      (thrown) => thrown instanceof Denied && /refused \(401\)/.test(thrown.message),
    );
  });
});
