import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Http2Server } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Firestore, Timestamp } from '@google-cloud/firestore';
import { findEmulator } from '../../../local/emulator/find.ts';
import { startFirestoreEmulator } from '../../../local/emulator/firestore.ts';
import type { EmulatorProcess } from '../../../local/emulator/process.ts';
import { makeFirestoreStore } from '../../../shared/adapters/store-firestore.ts';
import { Conflict, Denied, Malformed, Transient } from '../../../shared/errors.ts';
import { docStoreContract } from '../../contracts/doc-store.ts';
import { docShapesContract } from '../../contracts/doc-store-shapes.ts';
import { type OpenBackend, rawStoreContract } from '../../contracts/raw-store.ts';
import { describeWith } from '../../require.ts';

const AT = '2026-03-01T12:00:00.000Z';
const row = (rev: number, more: object = {}) => ({ rev, body: '{}', updatedAt: AT, ...more });

describeWith('firestore', 'store-firestore', function () {
  this.timeout(60_000);
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

  // Each an own project: the emulator makes it when it is first asked for.
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

  it('writes expireAt as the timestamp that a TTL policy reads, and one body', async () => {
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

  it('answers Malformed to a body above what a document may hold, and keeps what is there', async () => {
    const store = makeFirestoreStore({ project: 'p-big', database: 'incidents', emulator: emulator.host });
    await store.put('hosts', 'a', row(1), null);
    await assert.rejects(store.put('hosts', 'a', row(2, { body: 'x'.repeat(1_100_000) }), 1), Malformed);
    assert.equal((await store.get('hosts', 'a'))?.rev, 1);
    await store.close();
  });

  it('answers Conflict, once, to a document that was deleted and made anew since it was read', async () => {
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

// A server that answers every call with one gRPC status: what the emulator cannot be made to say.
describe('store-firestore, refused', function () {
  this.timeout(60_000);
  let status: number;
  let server: Http2Server;
  let address: string;
  beforeEach(async () => {
    server = createServer().on('stream', (stream) => {
      const said = { 'grpc-status': String(status), 'grpc-message': 'no' };
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...said }, { endStream: true });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    address = typeof bound === 'object' && bound !== null ? `127.0.0.1:${bound.port}` : assert.fail();
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  for (const [code, kind, what] of [
    [7, Denied, 'no rights'],
    [16, Denied, 'no identity'],
    [5, Denied, 'no such database'],
    [3, Malformed, 'an argument that the service never takes'],
  ] as const) {
    it(`gives ${kind.name} for ${what}, naming the database`, async () => {
      status = code;
      const store = makeFirestoreStore({ project: 'p1', database: 'incidents', emulator: address });
      await assert.rejects(store.put('hosts', 'a', row(1), null), (thrown: Error) => {
        assert.ok(thrown instanceof kind, String(thrown));
        return thrown.message.includes('database incidents');
      });
      await store.close();
    });
  }

  it('gives Transient, soon, where the service stays busy, while the library would go on for minutes', async () => {
    status = 14;
    const store = makeFirestoreStore({ project: 'p1', database: 'incidents', emulator: address, patienceMs: 50 });
    await assert.rejects(store.get('hosts', 'a'), Transient);
    await assert.rejects(store.put('hosts', 'a', row(1), null), Transient);
    // What the library still repeats ends with an answer that is final.
    status = 7;
    await store.close();
  });
});
