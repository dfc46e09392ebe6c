import { Conflict } from '../errors.ts';
import type { Time } from '../model/time.ts';
import type { ListQuery } from '../ports.ts';

/**
 * One stored document as a backend sees it: a body that it need not understand, and the few fields that it is found by.
 * `rev` is the revision of the document, at least 1.
 */
export type Row = {
  rev: number;
  body: string;
  state?: string;
  key?: string;
  dueAt?: Time;
  /** From this moment on the backend may drop the row. Until it does so, the row is readable as before. */
  expireAt?: Time;
  updatedAt: Time;
};

export type RawPage = { items: Array<{ id: string; row: Row }>; next?: string };

/**
 * One database of named collections: all that a backend has to provide. Names and ids were checked by
 * shared/store/ids.ts.
 *
 * - `put` is one atomic compare-and-set: the stored `rev` equals `expected` (null: nothing is stored), else Conflict
 *   and nothing is changed.
 * - `list` is ordered by id. All given criteria hold (`dueBefore`: `dueAt` is set and not later). It gives `limit` rows
 *   at most, and `next` only if there are more. A row that matches throughout is listed once, whatever else is written.
 * - `delete` of a row that does not exist succeeds.
 *
 * A backend throws Transient if it is busy or out of reach, and Denied if it refuses the call.
 */
export type RawStore = {
  get(collection: string, id: string): Promise<Row | undefined>;
  put(collection: string, id: string, row: Row, expected: number | null): Promise<void>;
  list(collection: string, query: ListQuery, page: { limit: number; after?: string }): Promise<RawPage>;
  delete(collection: string, id: string): Promise<void>;
};

/** The error of a lost compare-and-set. */
export const lostRace = (collection: string, id: string, expected: number | null): Conflict =>
  new Conflict(
    expected === null
      ? `${collection}/${id} exists already: read it and merge.`
      : `${collection}/${id} is no longer at revision ${expected}: read it again and merge.`,
  );
