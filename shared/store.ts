import type { z } from 'zod';
import { Conflict, Malformed, Transient } from './errors.ts';
import { jsonOf } from './json.ts';
import { timeOf } from './model/time.ts';
import type { Clock, DocStore, Evidence, Page } from './ports.ts';
import { checkId, checkPrefix } from './store/ids.ts';
import type { RawStore, Row } from './store/raw.ts';
import { makeReader } from './store/read.ts';
import { makeRemembered } from './store/remembered.ts';
import { makeSpill } from './store/spill.ts';

/** The largest body that is stored, in bytes of UTF-8: half of what one Firestore document may hold. */
export const MAX_DOCUMENT_BYTES = 512 * 1024;

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** The fields by which a document is found, derived at every put; `expireAt`: when the backend may drop it. */
export type IndexOf<T> = (
  doc: T,
  now: number,
) => { [K in 'state' | 'key' | 'dueAt' | 'expireAt']?: string | undefined };

/** Every document carries the version of its shape, its revision and its last writer. */
export type Stamped = { v: number; rev: number; writer: string };

export type DocStoreOptions<T> = {
  raw: RawStore;
  /** The collection's name, in sentences and in the database. */
  collection: string;
  schema: z.ZodType<T>;
  /** The `v` that `schema` reads. */
  version: number;
  /** Turns the JSON of an older `v` into what `schema` reads; without it an older document is Malformed. */
  upgrade?: (older: Record<string, unknown>) => unknown;
  clock: Pick<Clock, 'now' | 'random'>;
  index: IndexOf<T>;
  /** The evidence store for large parts; without it parts stay in the document, and markers stay markers. */
  spill?: Evidence;
  /** Called for each document that a listing leaves out because it cannot be read; without it the listing throws. */
  unreadable?: (id: string, because: Malformed | Transient) => void;
};

const writerOf = (row: Row | undefined): unknown => {
  const json = row === undefined ? undefined : jsonOf(row.body);
  return typeof json === 'object' && json !== null && 'writer' in json ? json.writer : undefined;
};

const rowOf = (rev: number, body: string, index: ReturnType<IndexOf<unknown>>, now: number): Row => ({
  rev,
  body,
  updatedAt: timeOf(now),
  ...(index.state === undefined ? {} : { state: index.state }),
  ...(index.key === undefined ? {} : { key: index.key }),
  ...(index.dueAt === undefined ? {} : { dueAt: index.dueAt }),
  ...(index.expireAt === undefined ? {} : { expireAt: index.expireAt }),
});

/**
 * A DocStore over one collection of a RawStore. `put` stamps `rev` and `writer`, and resolves with the document as it
 * will be read. A put whose reply was lost is a success if the stored writer is its own. If another has written since,
 * it is a Conflict like any other, and the caller finds its own change merged already.
 *
 * Throws Malformed (id outside the grammar, body above MAX_DOCUMENT_BYTES, a document the schema does not read),
 * Conflict (lost compare-and-set), Transient (newer `v`, busy backend).
 */
export const makeDocStore = <T extends Stamped>(options: DocStoreOptions<T>): DocStore<T> => {
  const { raw, collection, clock, index, unreadable } = options;
  const parse = makeReader(options);
  const spill = options.spill === undefined ? undefined : makeSpill(options.spill, MAX_DOCUMENT_BYTES);
  const bodyOf = async (row: Row): Promise<string> => (spill === undefined ? row.body : spill.fetch(row.body));
  const remembered = makeRemembered<T>();

  const parseListed = (id: string, body: string): T | Malformed | Transient => {
    try {
      return parse(id, body);
    } catch (thrown) {
      if (unreadable === undefined || !(thrown instanceof Malformed || thrown instanceof Transient)) throw thrown;
      unreadable(id, thrown);
      return thrown;
    }
  };

  return {
    get: async (id) => {
      checkId(collection, id);
      const row = await raw.get(collection, id);
      if (row === undefined) return undefined;
      const known = remembered.of(id, row.body);
      if (known !== undefined) return known;
      const whole = await bodyOf(row);
      return remembered.keep(id, row.body, parse(id, whole), whole.length);
    },

    put: async (id, doc, expected) => {
      checkId(collection, id);
      const now = clock.now();
      const rev = (expected ?? 0) + 1;
      const writer = clock.random();
      const whole = JSON.stringify({ ...doc, rev, writer });
      // Parsed before it is written: a document that no reader can parse would stop every later delivery.
      const stored = parse(id, whole);
      const body = spill === undefined ? whole : await spill.store(whole);
      const size = Buffer.byteLength(body);
      if (size > MAX_DOCUMENT_BYTES) {
        throw new Malformed(
          `${collection}/${id} would have ${size} bytes, more than the ${MAX_DOCUMENT_BYTES} that a document may have: ` +
            'shorten it, or keep large parts as evidence.',
        );
      }
      try {
        await raw.put(collection, id, rowOf(rev, body, index(stored, now), now), expected);
      } catch (thrown) {
        if (!(thrown instanceof Conflict || thrown instanceof Transient)) throw thrown;
        const found = await raw.get(collection, id).catch(() => undefined);
        if (writerOf(found) !== writer) throw thrown;
      }
      return remembered.keep(id, body, stored, whole.length);
    },

    list: async (query, page = {}) => {
      if (query.prefix !== undefined) checkPrefix(collection, query.prefix);
      const limit = Math.min(Math.max(Math.trunc(page.limit ?? DEFAULT_LIMIT), 1), MAX_LIMIT);
      const found = await raw.list(
        collection,
        query,
        page.after === undefined ? { limit } : { limit, after: page.after },
      );
      const items: T[] = [];
      const unread: NonNullable<Page<T>['unread']> = [];
      for (const { id, row } of found.items) {
        const read = parseListed(id, await bodyOf(row));
        if (read instanceof Error) unread.push({ id, because: read });
        else items.push(read);
      }
      return {
        items,
        ...(found.next === undefined ? {} : { next: found.next }),
        ...(unread.length === 0 ? {} : { unread }),
      };
    },

    delete: async (id) => {
      checkId(collection, id);
      await raw.delete(collection, id);
    },
  };
};
