import { strict as assert } from 'node:assert';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { makeSqliteStore } from '../../../shared/adapters/store-sqlite.ts';
import { Conflict, Denied, Transient } from '../../../shared/errors.ts';
import { docStoreContract } from '../../contracts/doc-store.ts';
import { docShapesContract } from '../../contracts/doc-store-shapes.ts';
import { type OpenBackend, rawStoreContract, sweepingContract } from '../../contracts/raw-store.ts';

const WRITER = fileURLToPath(new URL('store-sqlite-writer.ts', import.meta.url));
const NOW = '2026-03-01T12:00:00.000Z';
const now = (): number => Date.parse(NOW);

const open: OpenBackend = async (at) => {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-store-'));
  const opened = [makeSqliteStore({ path: join(folder, 'db.sqlite'), now: at })];
  return {
    raw: opened[0] ?? assert.fail(),
    another: () => {
      const more = makeSqliteStore({ path: join(folder, 'db.sqlite'), now: at });
      opened.push(more);
      return more;
    },
    close: async () => {
      for (const store of opened) store.close();
      rmSync(folder, { recursive: true });
    },
  };
};

describe('store-sqlite', () => {
  rawStoreContract('sqlite', open);
  docStoreContract('sqlite', open);
  docShapesContract('sqlite', open);
  sweepingContract('sqlite', open);

  describe('several processes on one file', () => {
    let folder: string;
    let path: string;
    let children: ChildProcess[];
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'firebreak-store-'));
      path = join(folder, 'db.sqlite');
      children = [];
    });
    afterEach(async () => {
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true });
    });

    /** A process that raises the counter `hosts/a` `times` times, and prints each revision that it wrote. */
    const writer = (times: number) => {
      const child = spawn(process.execPath, [WRITER, path, String(times)], { stdio: ['ignore', 'pipe', 'pipe'] });
      children.push(child);
      let out = '';
      let err = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        err += text;
      });
      const done = once(child, 'close').then(() => {
        assert.equal(child.exitCode, 0, err);
        return out.trim().split('\n').map(Number);
      });
      return { child, done, firstLine: once(child.stdout, 'data') };
    };

    it('open a fresh file at once, and write each revision once between them', async () => {
      const revs = (await Promise.all([writer(40), writer(40), writer(40), writer(40)].map(({ done }) => done))).flat();
      assert.deepEqual(
        revs.sort((a, b) => a - b),
        Array.from({ length: 160 }, (_, i) => i + 1),
      );
      const store = makeSqliteStore({ path, now });
      assert.equal((await store.get('hosts', 'a'))?.rev, 160);
      store.close();
    });

    it('wait for a reader of a file that is not in WAL mode yet', async () => {
      const reader = new Worker(
        `const { DatabaseSync } = require('node:sqlite');
         const { parentPort, workerData } = require('node:worker_threads');
         const db = new DatabaseSync(workerData);
         db.exec('CREATE TABLE t (a); BEGIN; SELECT * FROM t;');
         parentPort.postMessage('reading');
         Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
         db.close();`,
        { eval: true, workerData: path },
      );
      await once(reader, 'message');
      const store = makeSqliteStore({ path, now, busyMs: 1 });
      await store.put('hosts', 'a', { rev: 1, body: '{}', updatedAt: NOW }, null);
      store.close();
      await once(reader, 'exit');
    });

    it('see what another process writes while they write themselves', async () => {
      const store = makeSqliteStore({ path, now });
      const { done, firstLine } = writer(60);
      await firstLine;
      const mine: number[] = [];
      while (mine.length < 60) {
        const rev = (await store.get('hosts', 'a'))?.rev ?? 0;
        try {
          await store.put('hosts', 'a', { rev: rev + 1, body: '{}', updatedAt: NOW }, rev);
          mine.push(rev + 1);
        } catch (thrown) {
          assert.ok(thrown instanceof Conflict, String(thrown));
        }
        await new Promise(setImmediate);
      }
      const all = [...mine, ...(await done)].sort((a, b) => a - b);
      assert.deepEqual(
        all,
        Array.from({ length: 120 }, (_, i) => i + 1),
      );
      store.close();
    });

    it('find whole documents after a writer was killed, and can go on', async () => {
      const { child, done, firstLine } = writer(1_000_000);
      done.catch(() => {});
      await firstLine;
      child.kill('SIGKILL');
      await once(child, 'close');
      const store = makeSqliteStore({ path, now });
      const found = await store.get('hosts', 'a');
      assert.ok(found !== undefined && found.rev >= 1);
      assert.equal(JSON.parse(found.body).rev, found.rev);
      await store.put('hosts', 'a', { ...found, rev: found.rev + 1 }, found.rev);
      store.close();
    });

    it('throw Transient while another process keeps the file locked', async () => {
      const store = makeSqliteStore({ path, now, busyMs: 1 });
      const other = new DatabaseSync(path);
      other.exec('BEGIN IMMEDIATE');
      await assert.rejects(store.put('hosts', 'a', { rev: 1, body: '{}', updatedAt: NOW }, null), Transient);
      assert.equal(await store.get('hosts', 'a'), undefined);
      other.exec('ROLLBACK');
      await store.put('hosts', 'a', { rev: 1, body: '{}', updatedAt: NOW }, null);
      other.close();
      store.close();
    });

    it('tell at once that the disk has no room, and do not wait as for a lock', async () => {
      const child = spawn('/bin/sh', ['-c', 'ulimit -f 8; exec "$0" "$@"', process.execPath, WRITER, path, '1'], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      children.push(child);
      let err = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        err += text;
      });
      const begun = performance.now();
      await once(child, 'close');
      assert.match(err, /Transient: The database .* answered: disk I\/O error\. Look at the space on its disk/);
      assert.ok(performance.now() - begun < 8000, 'it waited');
    });

    it('throw Denied for a file of a newer release, a file that is no database, and a missing folder', () => {
      const newer = new DatabaseSync(path);
      newer.exec('PRAGMA user_version = 99');
      newer.close();
      assert.throws(() => makeSqliteStore({ path, now }), Denied);
      writeFileSync(join(folder, 'other'), 'a letter to the landlord, and nothing else, for a hundred bytes'.repeat(2));
      assert.throws(() => makeSqliteStore({ path: join(folder, 'other'), now }), Denied);
      assert.throws(() => makeSqliteStore({ path: join(folder, 'none', 'db.sqlite'), now }), Denied);
    });

    it('make the file readable for its owner only', () => {
      const store = makeSqliteStore({ path, now });
      for (const file of [path, `${path}-wal`, `${path}-shm`]) assert.equal(statSync(file).mode & 0o077, 0, file);
      store.close();
    });
  });
});
