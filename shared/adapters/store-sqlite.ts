import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { Denied, sentenceOf, Transient } from '../errors.ts';
import { timeOf } from '../model/time.ts';
import { lostRace, type RawStore, type Row } from '../store/raw.ts';
import type { Synchronous } from '../store-setting.ts';

/** How long processes that open a fresh file at the same time wait for each other, in ms. */
const OPEN_MS = 10_000;
const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS documents (
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    rev INTEGER NOT NULL,
    state TEXT,
    key TEXT,
    due_at TEXT,
    expire_at TEXT,
    updated_at TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (collection, id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS by_state ON documents (collection, state, id) WHERE state IS NOT NULL;
  CREATE INDEX IF NOT EXISTS by_key ON documents (collection, key, id) WHERE key IS NOT NULL;
  CREATE INDEX IF NOT EXISTS by_due ON documents (collection, due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX IF NOT EXISTS by_expiry ON documents (expire_at) WHERE expire_at IS NOT NULL;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Primary result codes (https://sqlite.org/rescode.html); extended codes carry them in their low byte. */
const LOCKED = new Set([5 /* BUSY */, 6 /* LOCKED */]);
const NO_ROOM = new Set([10 /* IOERR */, 13 /* FULL */]);
const DENIED = new Set([3 /* PERM */, 8 /* READONLY */, 14 /* CANTOPEN */, 23 /* AUTH */, 26 /* NOTADB */]);

/** The primary result code of an error of SQLite; undefined for anything else. */
const codeOf = (thrown: unknown): number | undefined =>
  thrown instanceof Error && 'errcode' in thrown && typeof thrown.errcode === 'number'
    ? thrown.errcode & 0xff
    : undefined;

/** Turns an error of SQLite into one of Firebreak's; anything else is returned as it is. */
const wrapped = (thrown: unknown, path: string): unknown => {
  const code = codeOf(thrown);
  if (code === undefined) return thrown;
  const sentence = `The database ${path} answered: ${sentenceOf(thrown)}.`;
  if (LOCKED.has(code)) return new Transient(`${sentence} Try again.`, { cause: thrown });
  if (NO_ROOM.has(code)) return new Transient(`${sentence} Look at the space on its disk.`, { cause: thrown });
  if (DENIED.has(code))
    return new Denied(`${sentence} Check the file and its folder's permissions.`, { cause: thrown });
  return thrown;
};

const pause = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};

/** Repeats `work` as long as it finds the file locked: SQLite's switch to WAL does not wait by itself. */
const untilUnlocked = (work: () => void): void => {
  const until = performance.now() + OPEN_MS;
  for (;;) {
    try {
      work();
      return;
    } catch (thrown) {
      const code = codeOf(thrown);
      if (code === undefined || !LOCKED.has(code) || performance.now() > until) throw thrown;
      pause(20);
    }
  }
};

const textOf = (value: SQLOutputValue | undefined): string => (typeof value === 'string' ? value : '');

const rowOf = (found: Record<string, SQLOutputValue>): Row => ({
  rev: Number(found.rev),
  body: textOf(found.body),
  updatedAt: textOf(found.updated_at),
  ...(typeof found.state === 'string' ? { state: found.state } : {}),
  ...(typeof found.key === 'string' ? { key: found.key } : {}),
  ...(typeof found.due_at === 'string' ? { dueAt: found.due_at } : {}),
  ...(typeof found.expire_at === 'string' ? { expireAt: found.expire_at } : {}),
});

const open = (path: string, busyMs: number, synchronous: Synchronous): DatabaseSync => {
  // The file is created here first, with a mode that lets nobody else on the machine read it; SQLite gives -wal and
  // -shm the same mode.
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch (thrown) {
    throw new Denied(`The database ${path} cannot be opened: ${sentenceOf(thrown)}.`, { cause: thrown });
  }
  const db = new DatabaseSync(path, { timeout: busyMs });
  try {
    untilUnlocked(() => {
      if (db.prepare('PRAGMA journal_mode').get()?.journal_mode !== 'wal') db.exec('PRAGMA journal_mode = WAL');
      db.exec(`PRAGMA synchronous = ${synchronous === 'full' ? 'FULL' : 'NORMAL'}`);
      const found = Number(db.prepare('PRAGMA user_version').get()?.user_version);
      if (found > SCHEMA_VERSION) throw new Denied(`The database ${path} was made by a newer release: use that one.`);
      if (found < SCHEMA_VERSION) db.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT;`);
    });
  } catch (thrown) {
    db.close();
    throw thrown;
  }
  return db;
};

/**
 * A database in one file, shared by all processes of one machine. Each statement is one atomic compare-and-set. Rows
 * past their `expireAt` are dropped at the next put. `now`: ms since the epoch. `busyMs`: how long a write waits for
 * another process's write; the wait blocks the event loop, so it is short. The folder must exist; `close` releases the
 * file. A message is acknowledged after its document is committed, so by default a commit survives a power cut
 * (`synchronous: 'full'`).
 *
 * Throws Transient if another process keeps the file locked or the disk is full, Denied if the file may not be opened
 * or was made by a newer release.
 */
export const makeSqliteStore = (options: {
  path: string;
  now: () => number;
  busyMs?: number;
  synchronous?: Synchronous;
}): RawStore & { close(): void } => {
  const { path, now, busyMs = 2000, synchronous = 'full' } = options;
  let db: DatabaseSync;
  try {
    db = open(path, busyMs, synchronous);
  } catch (thrown) {
    throw wrapped(thrown, path);
  }

  const get = db.prepare('SELECT * FROM documents WHERE collection = ? AND id = ?');
  const insert = db.prepare(
    `INSERT INTO documents (rev, state, key, due_at, expire_at, updated_at, body, collection, id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const update = db.prepare(
    `UPDATE documents SET rev = ?, state = ?, key = ?, due_at = ?, expire_at = ?, updated_at = ?, body = ?
     WHERE collection = ? AND id = ? AND rev = ?`,
  );
  const remove = db.prepare('DELETE FROM documents WHERE collection = ? AND id = ?');
  const expired = db.prepare('SELECT 1 FROM documents WHERE expire_at <= ? LIMIT 1');
  const sweep = db.prepare('DELETE FROM documents WHERE expire_at <= ?');

  const attempt = async <T>(work: () => T): Promise<T> => {
    try {
      return work();
    } catch (thrown) {
      throw wrapped(thrown, path);
    }
  };

  return {
    get: (collection, id) =>
      attempt(() => {
        const found = get.get(collection, id);
        return found === undefined ? undefined : rowOf(found);
      }),

    put: (collection, id, row, expected) =>
      attempt(() => {
        const at = timeOf(now());
        if (expired.get(at) !== undefined) sweep.run(at);
        const { rev, state = null, key = null, dueAt = null, expireAt = null, updatedAt, body } = row;
        const values = [rev, state, key, dueAt, expireAt, updatedAt, body, collection, id];
        const { changes } = expected === null ? insert.run(...values) : update.run(...values, expected);
        if (Number(changes) === 0) throw lostRace(collection, id, expected);
      }),

    list: (collection, { prefix, state, key, dueBefore }, { limit, after }) =>
      attempt(() => {
        const criteria: Array<[sql: string, value: string | undefined]> = [
          ['id > ?', after],
          ['id >= ?', prefix],
          // Ids are ASCII and never contain DEL, which sorts directly after the highest character of their grammar.
          ['id < ?', prefix === undefined ? undefined : `${prefix}\x7f`],
          ['state = ?', state],
          ['key = ?', key],
          ['due_at <= ?', dueBefore],
        ];
        const given = criteria.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
        const where = ['collection = ?', ...given.map(({ sql }) => sql)].join(' AND ');
        const found = db
          .prepare(`SELECT * FROM documents WHERE ${where} ORDER BY id LIMIT ?`)
          .all(collection, ...given.map(({ value }) => value), limit + 1);
        const items = found.slice(0, limit).map((columns) => ({ id: textOf(columns.id), row: rowOf(columns) }));
        const last = items.at(-1);
        return found.length > limit && last !== undefined ? { items, next: last.id } : { items };
      }),

    delete: (collection, id) =>
      attempt(() => {
        remove.run(collection, id);
      }),

    close: () => db.close(),
  };
};
