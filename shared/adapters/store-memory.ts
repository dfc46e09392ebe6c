import { timeOf } from '../model/time.ts';
import type { ListQuery } from '../ports.ts';
import { lostRace, type RawStore, type Row } from '../store/raw.ts';

const matches = (id: string, row: Row, query: ListQuery): boolean =>
  (query.prefix === undefined || id.startsWith(query.prefix)) &&
  (query.state === undefined || row.state === query.state) &&
  (query.key === undefined || row.key === query.key) &&
  (query.dueBefore === undefined || (row.dueAt !== undefined && row.dueAt <= query.dueBefore));

/**
 * A database in the memory of this process. Rows past their `expireAt` are dropped at the next put to their collection.
 * `now`: ms since the epoch.
 */
export const makeMemoryStore = ({ now }: { now: () => number }): RawStore => {
  const collections = new Map<string, Map<string, Row>>();
  const rowsOf = (collection: string): Map<string, Row> => {
    const rows = collections.get(collection) ?? new Map<string, Row>();
    collections.set(collection, rows);
    return rows;
  };

  const sweep = (rows: Map<string, Row>): void => {
    const at = timeOf(now());
    for (const [id, row] of rows) if (row.expireAt !== undefined && row.expireAt <= at) rows.delete(id);
  };

  return {
    get: async (collection, id) => {
      const row = rowsOf(collection).get(id);
      return row === undefined ? undefined : { ...row };
    },
    put: async (collection, id, row, expected) => {
      const rows = rowsOf(collection);
      sweep(rows);
      if ((rows.get(id)?.rev ?? null) !== expected) throw lostRace(collection, id, expected);
      rows.set(id, { ...row });
    },
    list: async (collection, query, { limit, after }) => {
      const found = [...rowsOf(collection)]
        .filter(([id, row]) => (after === undefined || id > after) && matches(id, row, query))
        .sort(([a], [b]) => (a < b ? -1 : 1));
      const items = found.slice(0, limit).map(([id, row]) => ({ id, row: { ...row } }));
      const last = items.at(-1);
      return found.length > limit && last !== undefined ? { items, next: last.id } : { items };
    },
    delete: async (collection, id) => {
      rowsOf(collection).delete(id);
    },
  };
};
