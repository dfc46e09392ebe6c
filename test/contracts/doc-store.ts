import { strict as assert } from 'node:assert';
import { Conflict, Malformed, Transient } from '../../shared/errors.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { DocStore } from '../../shared/ports.ts';
import type { RawStore } from '../../shared/store/raw.ts';
import { addName, type Doc, doc, NOW, names, plant, storeOver } from './doc-store-documents.ts';
import type { Backend, OpenBackend } from './raw-store.ts';

/**
 * A backend that calls `after` after each committed put; `after` may repeat the put, or throw as if the reply were
 * lost.
 */
const losing = (raw: RawStore, after: (again: () => Promise<void>, id: string) => Promise<void>): RawStore => ({
  ...raw,
  put: async (collection, id, row, expected) => {
    await raw.put(collection, id, row, expected);
    await after(() => raw.put(collection, id, row, expected), id);
  },
});

/** The contract of a DocStore over any backend, with many writers, lost replies and concurrent listings. */
export const docStoreContract = (name: string, open: OpenBackend): void => {
  describe(`document store: ${name}`, () => {
    let backend: Backend;
    let raw: RawStore;
    let store: DocStore<Doc>;
    beforeEach(async () => {
      backend = await open(() => NOW);
      raw = backend.raw;
      store = storeOver(raw);
    });
    afterEach(() => backend.close());

    describe('compare and set', () => {
      it('stamps the revision and a new writer on every put, and resolves with what is stored', async () => {
        const first = await store.put('a', doc({ rev: 41, writer: 'me', wins: ['x'] }), null);
        assert.equal(first.rev, 1);
        const second = await store.put('a', first, 1);
        assert.equal(second.rev, 2);
        assert.notEqual(second.writer, first.writer);
        assert.deepEqual(await store.get('a'), second);
        assert.equal((await raw.get('docs', 'a'))?.rev, 2);
      });

      it('answers a stale put with a Conflict that names the document, and keeps what is there', async () => {
        const first = await store.put('a', doc(), null);
        await assert.rejects(store.put('a', doc({ wins: ['late'] }), null), (e: Error) => {
          return e instanceof Conflict && e.message.includes('docs/a');
        });
        await assert.rejects(store.put('a', doc({ wins: ['early'] }), 2), Conflict);
        assert.deepEqual(await store.get('a'), first);
      });

      it('lets each of 100 writers win once: the final revision is the number of wins', async () => {
        const second = storeOver(backend.another());
        const revs = await Promise.all(names(100).map((n, i) => addName(i % 2 === 0 ? store : second, 'a', n)));
        const end = await store.get('a');
        assert.equal(end?.rev, 100);
        assert.deepEqual([...(end?.wins ?? [])].sort(), names(100));
        assert.equal(new Set(revs).size, 100);
      });

      it('lets one of 100 creators win', async () => {
        const settled = await Promise.allSettled(names(100).map((n) => store.put('a', doc({ wins: [n] }), null)));
        const won = settled.flatMap((s) => (s.status === 'fulfilled' ? [s.value] : []));
        assert.equal(won.length, 1);
        assert.deepEqual(await store.get('a'), won[0]);
      });

      it('deletes, and creates anew', async () => {
        await store.put('a', doc(), null);
        await store.delete('a');
        await store.delete('a');
        assert.equal(await store.get('a'), undefined);
        assert.equal((await store.put('a', doc(), null)).rev, 1);
      });
    });

    describe('lost replies', () => {
      it('is a success when the commit succeeded and its reply was lost', async () => {
        const lossy = storeOver(
          losing(raw, async () => {
            throw new Transient('the connection was closed');
          }),
        );
        const put = await lossy.put('a', doc(), null);
        assert.deepEqual(await store.get('a'), put);
        assert.equal((await lossy.put('a', put, 1)).rev, 2);
      });

      it("is a success when the client's own repeat conflicts with itself", async () => {
        const repeating = storeOver(losing(raw, (again) => again()));
        const put = await repeating.put('a', doc(), null);
        assert.equal((await repeating.put('a', put, 1)).rev, 2);
        assert.equal((await store.get('a'))?.rev, 2);
      });

      it('is a Conflict when another has written since', async () => {
        const overtaken = storeOver(
          losing(raw, async (again, id) => {
            await store.put(id, doc({ wins: ['other'] }), 1);
            await again();
          }),
        );
        await assert.rejects(overtaken.put('a', doc({ wins: ['mine'] }), null), Conflict);
        assert.deepEqual((await store.get('a'))?.wins, ['other']);
      });

      it('stays Transient when nothing was committed, or when that cannot be found out', async () => {
        const down: RawStore = { ...raw, put: () => Promise.reject(new Transient('out of reach')) };
        await assert.rejects(storeOver(down).put('a', doc(), null), Transient);
        const gone: RawStore = { ...down, get: () => Promise.reject(new Error('still out of reach')) };
        await assert.rejects(storeOver(gone).put('a', doc(), null), /^Transient: out of reach$/);
        assert.equal(await store.get('a'), undefined);
      });

      it('counts every win once when every third reply is lost', async () => {
        let puts = 0;
        const lossy = storeOver(
          losing(raw, async (again) => {
            puts++;
            if (puts % 3 === 0) throw new Transient('the connection was closed');
            if (puts % 3 === 1) await again();
          }),
        );
        // One after the other: with concurrent writers, another's write could hide whether a commit was the writer's
        // own.
        for (const n of names(30)) await addName(lossy, 'a', n);
        const end = await store.get('a');
        assert.equal(end?.rev, 30);
        assert.deepEqual(end?.wins, names(30));
      });
    });

    describe('listing', () => {
      it('finds by state and by what is due, page by page, while 20 writers write', async () => {
        for (const n of names(25)) await store.put(n, doc({ state: 'open', dueAt: timeOf(NOW) }), null);
        const writing = Promise.all(
          names(20).map(async (n) => {
            await addName(store, n, 'touched');
            await store.put(`x${n}`, doc({ state: 'open', dueAt: timeOf(NOW + 1) }), null);
          }),
        );
        const seen: string[] = [];
        let after: string | undefined;
        do {
          const page = await store.list(
            { state: 'open', dueBefore: timeOf(NOW) },
            after === undefined ? { limit: 4 } : { limit: 4, after },
          );
          assert.ok(page.items.length <= 4);
          seen.push(...page.items.map((d) => d.dueAt ?? 'none'));
          after = page.next;
        } while (after !== undefined);
        await writing;
        assert.deepEqual(
          seen,
          Array.from({ length: 25 }, () => timeOf(NOW)),
        );
        assert.equal((await store.list({ prefix: 'x' }, { limit: 1000 })).items.length, 20);
      });

      it('gives 100 documents a page unless asked, and never more than 1000 or fewer than one', async () => {
        for (const n of names(101)) await store.put(n, doc(), null);
        assert.equal((await store.list({})).items.length, 100);
        assert.equal((await store.list({}, { limit: 0 })).items.length, 1);
        assert.equal((await store.list({}, { limit: 1e9 })).items.length, 101);
      });

      it('throws at a document that it cannot read, or leaves it out and tells of it', async () => {
        await store.put('a', doc({ wins: ['a'] }), null);
        await plant(raw, 'b', '{');
        await plant(raw, 'c', { ...doc(), v: 3 });
        await store.put('d', doc({ wins: ['d'] }), null);
        await assert.rejects(store.list({}), Malformed);
        const told: string[] = [];
        const tolerant = storeOver(raw, { unreadable: (id, because) => told.push(`${id}: ${because.name}`) });
        assert.deepEqual(
          (await tolerant.list({})).items.map((d) => d.wins),
          [['a'], ['d']],
        );
        assert.deepEqual(told, ['b: Malformed', 'c: Transient']);
      });
    });
  });
};
