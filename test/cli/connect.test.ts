import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../cli/connect.ts';
import { makeSqliteStore } from '../../shared/adapters/store-sqlite.ts';
import { Malformed } from '../../shared/errors.ts';
import type { Environment } from '../../shared/read-environment.ts';
import { startServer } from '../kit/listening.ts';
import { contained, isolating } from '../shared/views/fixtures.ts';
import { captured } from './kit.ts';

const ioIn = (cwd: string, env: Environment = {}) => captured({ cwd, env }).io;

/** With no emulator named, connecting needs credentials. */
const EMULATED = { PUBSUB_EMULATOR_HOST: '127.0.0.1:1' };

describe('connect', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'firebreak connect '));
  });
  afterEach(() => rm(root, { recursive: true }));

  const announce = async (content: unknown): Promise<void> => {
    await mkdir(join(root, '.firebreak'));
    await writeFile(join(root, '.firebreak', 'local.json'), JSON.stringify(content));
  };

  it('publishes to the local stack that a folder above announces', async () => {
    const asked: string[] = [];
    const { url, stop } = await startServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('{"messageIds":["7"]}');
    });
    await announce({ project: 'p1', bus: url, store: join(root, 'none'), pid: 1 });
    await mkdir(join(root, 'deep', 'er'), { recursive: true });
    const connection = await connect(ioIn(join(root, 'deep', 'er')));
    try {
      assert.deepEqual([connection.project, connection.local], ['p1', true]);
      assert.equal(await connection.bus.publish('requests', { action: 'halt' }), '7');
      assert.deepEqual(asked, ['/v1/projects/p1/topics/firebreak-requests:publish']);
    } finally {
      await connection.close();
      await stop();
    }
  });

  it('says so if the local stack was killed, unless that is to be looked into', async () => {
    const noProcess = 2 ** 22 + 1;
    await announce({ project: 'p1', bus: 'http://127.0.0.1:1', store: join(root, 'none'), pid: noProcess });
    for (const project of [undefined, 'p1']) {
      await assert.rejects(
        connect(ioIn(root), project),
        new Malformed(
          `the local stack of ${join(root, '.firebreak', 'local.json')} has stopped (process ${noProcess}): start \`firebreak local\` again, or name a project with --project.`,
        ),
      );
    }
    const connection = await connect(ioIn(root), undefined, { stopped: true });
    assert.equal(connection.local, true);
    assert.throws(() => connection.assertRunning?.(), /has stopped \(process/);
    await connection.close();
  });

  it('ignores the local stack if another project is named', async () => {
    await announce({ project: 'p1', bus: 'http://127.0.0.1:1', store: join(root, 'none') });
    const connection = await connect(ioIn(root, EMULATED), 'p2');
    await connection.close();
    assert.deepEqual([connection.project, connection.local], ['p2', false]);
  });

  it('reads the incidents of another project, from its own database or from the one that is named', async () => {
    for (const env of [EMULATED, { ...EMULATED, FIREBREAK_STORE: 'firestore:other' }]) {
      const connection = await connect(ioIn(root, env), 'p2');
      await connection.close();
      assert.ok(connection.stores !== undefined);
    }
  });

  it('lists what it can read, says once what a newer release wrote, and ends with exit code 1', async () => {
    const path = join(root, 'incidents.db');
    const raw = makeSqliteStore({ path, now: Date.now });
    for (const [doc, v] of [
      [contained(), 1],
      [isolating(), 2],
    ] as const)
      await raw.put(
        'incidents',
        doc.id,
        { rev: 1, body: JSON.stringify({ ...doc, v }), updatedAt: doc.openedAt },
        null,
      );
    raw.close();
    await announce({ project: 'p1', bus: 'http://127.0.0.1:1', store: path });
    const { io, said } = captured({ cwd: root, env: {} });
    const connection = await connect(io);
    const { stores = assert.fail() } = connection;
    for (let looks = 0; looks < 2; looks += 1)
      assert.deepEqual(
        (await stores.incidents.list({})).items.map(({ id }) => id),
        [contained().id],
      );
    await connection.close();
    const { err } = await said();
    assert.equal(
      err,
      `firebreak: left out: incidents/${isolating().id} has version 2, newer than the 1 that this release reads. Use the \`firebreak\` of the version that is deployed.\n`,
    );
    assert.equal(io.exitCode(), 1);
  });

  it('refuses in one sentence: no stack found, not a project id, an unreadable file', async () => {
    await assert.rejects(
      connect(ioIn(root)),
      new Malformed('no local stack found from here: start `firebreak local`, or name a project with --project.'),
    );
    await assert.rejects(connect(ioIn(root), 'P 1/../x'), /is not a project id/);
    await announce({ project: 'p1' });
    await assert.rejects(connect(ioIn(root)), /is not what `firebreak local` writes/);
  });
});
