import { strict as assert } from 'node:assert';
import { Conflict } from '../../shared/errors.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { ListQuery } from '../../shared/ports.ts';
import type { RawStore, Row } from '../../shared/store/raw.ts';

/** An empty database; `another` is a further connection to the same database, if the backend has connections. */
export type Backend = { raw: RawStore; another(): RawStore; close(): Promise<void> };
export type OpenBackend = (now: () => number) => Promise<Backend>;

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const at = (minutes: number): string => timeOf(NOW + minutes * 60_000);
const row = (rev: number, more: Partial<Row> = {}): Row => ({ rev, body: `{"rev":${rev}}`, updatedAt: at(0), ...more });

const ids = async (raw: RawStore, query: ListQuery, page: { limit: number; after?: string } = { limit: 50 }) =>
  (await raw.list('hosts', query, page)).items.map(({ id }) => id);

/** The number of attempts that succeeded; asserts that every other one failed with a Conflict. */
const wins = async (attempts: Array<Promise<void>>): Promise<number> => {
  const settled = await Promise.allSettled(attempts);
  for (const s of settled) if (s.status === 'rejected') assert.ok(s.reason instanceof Conflict, String(s.reason));
  return settled.filter(({ status }) => status === 'fulfilled').length;
};

/** The contract of every backend of the stores. */
export const rawStoreContract = (name: string, open: OpenBackend): void => {
  describe(`raw store: ${name}`, () => {
    let backend: Backend;
    let raw: RawStore;
    beforeEach(async () => {
      backend = await open(() => NOW);
      raw = backend.raw;
    });
    afterEach(() => backend.close());

    it('gives back every field of a row, and drops those that a later put leaves out', async () => {
      const full = row(1, { body: '{"a":"ü✓"}', state: 'open', key: 'k1', dueAt: at(1), expireAt: at(2) });
      await raw.put('hosts', 'a', full, null);
      assert.deepEqual(await raw.get('hosts', 'a'), full);
      await raw.put('hosts', 'a', row(2), 1);
      assert.deepEqual(await raw.get('hosts', 'a'), row(2));
      assert.deepEqual(await ids(raw, { state: 'open' }), []);
    });

    it('gives undefined for what is not there, and deletes it without complaint', async () => {
      assert.equal(await raw.get('hosts', 'a'), undefined);
      await raw.delete('hosts', 'a');
      await raw.put('hosts', 'a', row(1), null);
      await raw.delete('hosts', 'a');
      assert.equal(await raw.get('hosts', 'a'), undefined);
      await raw.put('hosts', 'a', row(1), null);
    });

    it('keeps collections apart', async () => {
      await raw.put('hosts', 'a', row(1), null);
      assert.equal(await raw.get('heads', 'a'), undefined);
      await raw.put('heads', 'a', row(1), null);
      await raw.delete('heads', 'a');
      assert.deepEqual(await raw.get('hosts', 'a'), row(1));
    });

    it('refuses a put whose expectation does not hold, and changes nothing', async () => {
      await assert.rejects(raw.put('hosts', 'a', row(2), 1), Conflict);
      assert.equal(await raw.get('hosts', 'a'), undefined);
      await raw.put('hosts', 'a', row(1), null);
      await assert.rejects(raw.put('hosts', 'a', row(1), null), Conflict);
      await raw.put('hosts', 'a', row(2), 1);
      await assert.rejects(raw.put('hosts', 'a', row(2, { state: 'stale' }), 1), Conflict);
      await assert.rejects(raw.put('hosts', 'a', row(4, { state: 'early' }), 3), Conflict);
      assert.deepEqual(await raw.get('hosts', 'a'), row(2));
    });

    it('lets one of 100 creators win, over two connections', async () => {
      const second = backend.another();
      const attempts = Array.from({ length: 100 }, (_, i) =>
        (i % 2 === 0 ? raw : second).put('hosts', 'a', row(1, { key: `w${i}` }), null),
      );
      assert.equal(await wins(attempts), 1);
      assert.deepEqual(await second.get('hosts', 'a'), await raw.get('hosts', 'a'));
    });

    it('lets one of 100 writers win each revision, over two connections', async () => {
      const second = backend.another();
      await raw.put('hosts', 'a', row(1), null);
      for (const rev of [2, 3, 4]) {
        const attempts = Array.from({ length: 100 }, (_, i) =>
          (i % 2 === 0 ? raw : second).put('hosts', 'a', row(rev, { key: `w${i}` }), rev - 1),
        );
        assert.equal(await wins(attempts), 1);
      }
      assert.equal((await second.get('hosts', 'a'))?.rev, 4);
    });

    it('lists by id, by prefix, state, key and what is due, and by several at once', async () => {
      await raw.put('hosts', 'b-2', row(1, { state: 'open', key: 'k1', dueAt: at(5) }), null);
      await raw.put('hosts', 'b-10', row(1, { state: 'open', dueAt: at(1) }), null);
      await raw.put('hosts', 'b~', row(1, { state: 'closed', key: 'k1' }), null);
      await raw.put('hosts', 'B-1', row(1, { state: 'open', key: 'k2', dueAt: at(2) }), null);
      await raw.put('heads', 'b-3', row(1, { state: 'open' }), null);
      assert.deepEqual(await ids(raw, {}), ['B-1', 'b-10', 'b-2', 'b~']);
      assert.deepEqual(await ids(raw, { prefix: 'b' }), ['b-10', 'b-2', 'b~']);
      assert.deepEqual(await ids(raw, { prefix: 'b-' }), ['b-10', 'b-2']);
      assert.deepEqual(await ids(raw, { state: 'open' }), ['B-1', 'b-10', 'b-2']);
      assert.deepEqual(await ids(raw, { key: 'k1' }), ['b-2', 'b~']);
      assert.deepEqual(await ids(raw, { dueBefore: at(2) }), ['B-1', 'b-10']);
      assert.deepEqual(await ids(raw, { dueBefore: at(0) }), []);
      assert.deepEqual(await ids(raw, { prefix: 'b', state: 'open', key: 'k1' }), ['b-2']);
    });

    it('takes wildcards of a query language for what they are', async () => {
      await raw.put('hosts', 'a_b', row(1, { key: '%' }), null);
      await raw.put('hosts', 'axb', row(1, { key: "' OR 1=1" }), null);
      assert.deepEqual(await ids(raw, { prefix: 'a_' }), ['a_b']);
      assert.deepEqual(await ids(raw, { key: '%' }), ['a_b']);
      assert.deepEqual(await ids(raw, { key: "' OR 1=1" }), ['axb']);
    });

    it('pages: a next only where there is more', async () => {
      for (const id of ['a', 'b', 'c', 'd']) await raw.put('hosts', id, row(1, { state: 'open' }), null);
      const first = await raw.list('hosts', { state: 'open' }, { limit: 3 });
      assert.deepEqual(first.items, [
        { id: 'a', row: row(1, { state: 'open' }) },
        { id: 'b', row: row(1, { state: 'open' }) },
        { id: 'c', row: row(1, { state: 'open' }) },
      ]);
      assert.ok(first.next !== undefined);
      const second = await raw.list('hosts', { state: 'open' }, { limit: 3, after: first.next });
      assert.deepEqual(
        second.items.map(({ id }) => id),
        ['d'],
      );
      assert.equal(second.next, undefined);
      assert.equal((await raw.list('hosts', {}, { limit: 4 })).next, undefined);
    });

    it('lists what matches throughout exactly once while others write', async () => {
      const steady = Array.from({ length: 40 }, (_, i) => `s-${String(i).padStart(2, '0')}`);
      for (const id of steady) await raw.put('hosts', id, row(1, { dueAt: at(0) }), null);
      const writer = backend.another();
      const seen: string[] = [];
      let after: string | undefined;
      for (let turn = 0; turn < 100; turn++) {
        const writes = [
          writer.put('hosts', `r-${turn}`, row(1, { dueAt: at(0) }), null),
          writer.put('hosts', `t-${turn}`, row(1, { dueAt: at(9) }), null),
          writer.put('hosts', `s-${String(turn).padStart(2, '0')}`, row(2, { dueAt: at(-1) }), 1).catch(() => {}),
        ];
        const page = await raw.list(
          'hosts',
          { dueBefore: at(0) },
          after === undefined ? { limit: 7 } : { limit: 7, after },
        );
        seen.push(...page.items.map(({ id }) => id));
        await Promise.all(writes);
        if (page.next === undefined) break;
        after = page.next;
      }
      assert.deepEqual(
        seen.filter((id) => id.startsWith('s-')),
        steady,
      );
      assert.deepEqual(seen, [...new Set(seen)].sort());
      assert.ok(!seen.some((id) => id.startsWith('t-')));
    });

    it('keeps a row until its expireAt, and one without it for good', async () => {
      await raw.put('hosts', 'soon', row(1, { expireAt: at(1) }), null);
      await raw.put('hosts', 'never', row(1), null);
      await raw.put('hosts', 'other', row(1), null);
      assert.deepEqual(await ids(raw, {}), ['never', 'other', 'soon']);
    });

    it('keeps a body of 800 KB', async () => {
      const body = JSON.stringify('é'.repeat(400 * 1024));
      await raw.put('hosts', 'a', row(1, { body }), null);
      assert.equal((await raw.get('hosts', 'a'))?.body, body);
    });
  });
};

/** The contract of backends that drop rows past their `expireAt` themselves, at the next put to the collection. */
export const sweepingContract = (name: string, open: OpenBackend): void => {
  it(`drops what is past its expireAt: ${name}`, async () => {
    let now = NOW;
    const { raw, close } = await open(() => now);
    try {
      await raw.put('hosts', 'soon', row(1, { expireAt: at(1) }), null);
      await raw.put('hosts', 'never', row(1), null);
      now = Date.parse(at(1)) - 1;
      await raw.put('hosts', 'b', row(1), null);
      assert.deepEqual(await ids(raw, {}), ['b', 'never', 'soon']);
      now += 1;
      await raw.put('hosts', 'c', row(1), null);
      assert.deepEqual(await ids(raw, {}), ['b', 'c', 'never']);
    } finally {
      await close();
    }
  });
};
