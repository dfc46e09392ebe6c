import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../cli/connect.ts';
import { Malformed } from '../../shared/errors.ts';
import { startServer } from '../kit/listening.ts';

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
    const connection = await connect({ cwd: join(root, 'deep', 'er'), env: {} });
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
        connect({ cwd: root, env: {} }, project),
        new Malformed(
          `the local stack of ${join(root, '.firebreak', 'local.json')} has stopped (process ${noProcess}): start \`firebreak local\` again, or name a project with --project.`,
        ),
      );
    }
    const connection = await connect({ cwd: root, env: {} }, undefined, { stopped: true });
    assert.equal(connection.local, true);
    assert.throws(() => connection.assertRunning?.(), /has stopped \(process/);
    await connection.close();
  });

  it('ignores the local stack if another project is named', async () => {
    await announce({ project: 'p1', bus: 'http://127.0.0.1:1', store: join(root, 'none') });
    const connection = await connect({ cwd: root, env: EMULATED }, 'p2');
    await connection.close();
    assert.deepEqual([connection.project, connection.local], ['p2', false]);
  });

  it('reads the incidents of another project, from its own database or from the one that is named', async () => {
    for (const env of [EMULATED, { ...EMULATED, FIREBREAK_STORE: 'firestore:other' }]) {
      const connection = await connect({ cwd: root, env }, 'p2');
      await connection.close();
      assert.ok(connection.stores !== undefined);
    }
  });

  it('refuses in one sentence: no stack found, not a project id, an unreadable file', async () => {
    await assert.rejects(
      connect({ cwd: root, env: {} }),
      new Malformed('no local stack found from here: start `firebreak local`, or name a project with --project.'),
    );
    await assert.rejects(connect({ cwd: root, env: {} }, 'P 1/../x'), /is not a project id/);
    await announce({ project: 'p1' });
    await assert.rejects(connect({ cwd: root, env: {} }), /is not what `firebreak local` writes/);
  });
});
