import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Firestore, Timestamp } from '@google-cloud/firestore';
import { findEmulator } from '../../../local/emulator/find.ts';
import { startFirestoreEmulator } from '../../../local/emulator/firestore.ts';
import type { EmulatorProcess } from '../../../local/emulator/process.ts';
import { ended, listening } from '../../../local/listening.ts';
import { makeFirestoreStore } from '../../../shared/adapters/store-firestore.ts';
import { Conflict, Denied, Malformed, Transient } from '../../../shared/errors.ts';
import { docStoreContract } from '../../contracts/doc-store.ts';
import { docShapesContract } from '../../contracts/doc-store-shapes.ts';
import { type OpenBackend, rawStoreContract } from '../../contracts/raw-store.ts';
import { describeWith } from '../../require.ts';

const AT = '2026-03-01T12:00:00.000Z';
const row = (rev: number, more: object = {}) => ({ rev, body: '{}', updatedAt: AT, ...more });

describeWith('firestore', 'store-firestore', function () {
  this.timeout(300_000);
  let dir: string;
  let emulator: EmulatorProcess;
  before(async () => {
    const found = findEmulator('firestore', process.env);
    if ('missing' in found) throw new Error(found.missing);
    dir = await mkdtemp(join(tmpdir(), 'firebreak firestore '));
    emulator = await startFirestoreEmulator({ ...found, logFile: join(dir, 'firestore.log') });
  });
  after(async () => {
    await emulator.stop();
    await rm(dir, { recursive: true });
  });

  // Each backend has its own project. The emulator makes a project when it is first used.
  let projects = 0;
  const open: OpenBackend = async () => {
    const project = `p${++projects}`;
    const opened = [makeFirestoreStore({ project, database: 'incidents', emulator: emulator.host })];
    return {
      raw: opened[0] ?? assert.fail(),
      another: () => {
        const more = makeFirestoreStore({ project, database: 'incidents', emulator: emulator.host });
        opened.push(more);
        return more;
      },
      close: async () => {
        await Promise.all(opened.map((store) => store.close()));
      },
    };
  };

  rawStoreContract('firestore', open);
  docStoreContract('firestore', open);
  docShapesContract('firestore', open);

  it('keeps the databases of a project apart', async () => {
    const [incidents, memory] = ['incidents', 'memory'].map((database) =>
      makeFirestoreStore({ project: 'p-two', database, emulator: emulator.host }),
    );
    await incidents?.put('hosts', 'a', row(1), null);
    assert.equal(await memory?.get('hosts', 'a'), undefined);
    await Promise.all([incidents?.close(), memory?.close()]);
  });

  it('writes expireAt as the timestamp that a TTL policy reads, and the document as one body', async () => {
    const store = makeFirestoreStore({ project: 'p-ttl', database: 'incidents', emulator: emulator.host });
    await store.put('hosts', 'a', row(1, { state: 'open', expireAt: '2026-03-02T12:00:00.000Z' }), null);
    const client = new Firestore({
      projectId: 'p-ttl',
      databaseId: 'incidents',
      host: emulator.host,
      ssl: false,
      customHeaders: { Authorization: 'Bearer owner' },
    });
    const data = (await client.doc('hosts/a').get()).data();
    assert.deepEqual(data?.expireAt, Timestamp.fromDate(new Date('2026-03-02T12:00:00.000Z')));
    assert.deepEqual(Object.keys(data ?? {}).sort(), ['body', 'expireAt', 'rev', 'state', 'updatedAt']);
    await Promise.all([client.terminate(), store.close()]);
  });

  it('throws Malformed for a body larger than a document may be, and keeps the stored one', async () => {
    const store = makeFirestoreStore({ project: 'p-big', database: 'incidents', emulator: emulator.host });
    await store.put('hosts', 'a', row(1), null);
    await assert.rejects(store.put('hosts', 'a', row(2, { body: 'x'.repeat(1_100_000) }), 1), Malformed);
    assert.equal((await store.get('hosts', 'a'))?.rev, 1);
    await store.close();
  });

  it('throws Conflict for a document that was deleted and made again since it was read', async () => {
    const store = makeFirestoreStore({ project: 'p-anew', database: 'incidents', emulator: emulator.host });
    await store.put('hosts', 'a', row(1), null);
    await store.put('hosts', 'a', row(2), 1);
    await store.delete('hosts', 'a');
    await store.put('hosts', 'a', row(1), null);
    await assert.rejects(store.put('hosts', 'a', row(3), 2), Conflict);
    await store.put('hosts', 'a', row(2), 1);
    await store.close();
  });
});

// A server that answers every call with the same error, which the emulator never gives.
describe('store-firestore, when the service refuses', function () {
  this.timeout(60_000);
  let answer: [status: number, body: string];
  let server: Server;
  let address: string;
  beforeEach(async () => {
    server = createServer((request, response) => {
      request.resume();
      response.writeHead(answer[0], { 'content-type': 'application/json' }).end(answer[1]);
    });
    address = `127.0.0.1:${await listening(server)}`;
  });
  afterEach(() => ended(server));
  const refused = (code: number, status: string): string => JSON.stringify({ error: { code, status, message: 'no' } });
  const open = (patienceMs?: number) =>
    makeFirestoreStore({
      project: 'p1',
      database: 'incidents',
      emulator: address,
      ...(patienceMs === undefined ? {} : { patienceMs }),
    });

  for (const [code, status, kind, what] of [
    [403, 'PERMISSION_DENIED', Denied, 'no rights'],
    [401, 'UNAUTHENTICATED', Denied, 'no identity'],
    [404, 'NOT_FOUND', Denied, 'no such database'],
    [400, 'INVALID_ARGUMENT', Malformed, 'an argument that the service never takes'],
  ] as const) {
    it(`throws ${kind.name} for ${what}, naming the database`, async () => {
      answer = [code, refused(code, status)];
      const store = open();
      await assert.rejects(store.put('hosts', 'a', row(1), null), (thrown: Error) => {
        assert.ok(thrown instanceof kind, String(thrown));
        return thrown.message.includes('database incidents');
      });
      await store.close();
    });
  }

  it('throws Conflict if another process created the document first', async () => {
    answer = [409, refused(409, 'ALREADY_EXISTS')];
    const store = open();
    await assert.rejects(store.put('hosts', 'a', row(1), null), Conflict);
    await store.close();
  });

  it('throws Transient soon if the service stays busy, while the library would retry for minutes', async () => {
    answer = [503, refused(503, 'UNAVAILABLE')];
    const store = open(50);
    await assert.rejects(store.get('hosts', 'a'), Transient);
    await assert.rejects(store.put('hosts', 'a', row(1), null), Transient);
    // A final answer ends what the library still repeats.
    answer = [403, refused(403, 'PERMISSION_DENIED')];
    await store.close();
  });

  it('throws Transient for an answer that does not come from the service, whatever its status', async () => {
    const store = open(50);
    for (const status of [400, 404, 502]) {
      answer = [status, '<html>no</html>'];
      await assert.rejects(store.get('hosts', 'a'), Transient, String(status));
      await assert.rejects(store.put('hosts', 'a', row(1), null), Transient, String(status));
    }
    answer = [403, refused(403, 'PERMISSION_DENIED')];
    await store.close();
  });

  it('throws the error that broke off a listing, and returns no shorter listing', async () => {
    const name = 'projects/p1/databases/incidents/documents/hosts/a';
    const times = { createTime: AT, updateTime: AT };
    const document = { name, fields: { rev: { integerValue: '1' }, body: { stringValue: '{}' } }, ...times };
    const parts = [{ document, readTime: AT }, JSON.parse(refused(403, 'PERMISSION_DENIED'))];
    const store = open();
    answer = [200, JSON.stringify(parts.slice(0, 1))];
    assert.deepEqual(
      (await store.list('hosts', {}, { limit: 10 })).items.map(({ id }) => id),
      ['a'],
    );
    answer = [200, JSON.stringify(parts)];
    await assert.rejects(store.list('hosts', {}, { limit: 10 }), Denied);
    await assert.rejects(store.get('hosts', 'a'), Denied);
    await store.close();
  });
});
