import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { makeMemoryEvidence } from '../../shared/adapters/evidence-memory.ts';
import { Conflict, Malformed, Transient } from '../../shared/errors.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { DocStore } from '../../shared/ports.ts';
import type { RawStore } from '../../shared/store/raw.ts';
import { MAX_DOCUMENT_BYTES, makeDocStore } from '../../shared/store.ts';
import type { Backend, OpenBackend } from './raw-store.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');

/** A document as its second release has it: `wins` was called `names` in the first. */
const schema = z.looseObject({
  v: z.literal(2),
  rev: z.number(),
  writer: z.string(),
  state: z.string().optional(),
  dueAt: z.string().max(30).optional(),
  wins: z.array(z.string()),
  part: z.object({ known: z.string() }).optional(),
  entries: z.array(z.object({ step: z.string(), before: z.record(z.string(), z.unknown()).optional() })).optional(),
});
type Doc = z.infer<typeof schema>;

const doc = (more: Partial<Doc> = {}): Doc => ({ v: 2, rev: 0, writer: '', wins: [], ...more });

let writers = 0;
const clock = { now: () => NOW, random: () => `writer-${++writers}` };

const storeOver = (raw: RawStore, more: Partial<Parameters<typeof makeDocStore<Doc>>[0]> = {}): DocStore<Doc> =>
  makeDocStore({
    raw,
    collection: 'docs',
    schema,
    version: 2,
    upgrade: ({ names, ...rest }) => ({ ...rest, v: 2, wins: names }),
    clock,
    index: ({ state, dueAt }) => ({ state, dueAt }),
    ...more,
  });

/** Stores a body as it is, as another release or a hand would have. */
const plant = (raw: RawStore, id: string, body: unknown, expected: number | null = null): Promise<void> =>
  raw.put(
    'docs',
    id,
    { rev: (expected ?? 0) + 1, body: typeof body === 'string' ? body : JSON.stringify(body), updatedAt: timeOf(NOW) },
    expected,
  );

/** A backend in which `after` happens to each put once it is committed. */
const losing = (raw: RawStore, after: (again: () => Promise<void>, id: string) => Promise<void>): RawStore => ({
  ...raw,
  put: async (collection, id, row, expected) => {
    await raw.put(collection, id, row, expected);
    await after(() => raw.put(collection, id, row, expected), id);
  },
});

/** Reads, adds a name, puts; again until it wins. Gives the revision that it won. */
const addName = async (store: DocStore<Doc>, id: string, name: string): Promise<number> => {
  for (;;) {
    const found = await store.get(id);
    const next = { ...doc(), ...found, wins: [...(found?.wins ?? []), name] };
    try {
      return (await store.put(id, next, found?.rev ?? null)).rev;
    } catch (thrown) {
      if (!(thrown instanceof Conflict)) throw thrown;
    }
  }
};

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `w${String(i).padStart(3, '0')}`);

/** What a DocStore must keep over any backend: run over each of them. */
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
        // One after the other: only then can no other writer hide whose commit it was.
        for (const n of names(30)) await addName(lossy, 'a', n);
        const end = await store.get('a');
        assert.equal(end?.rev, 30);
        assert.deepEqual(end?.wins, names(30));
      });
    });

    describe('shapes', () => {
      it('keeps unknown keys at any depth through a read and a put', async () => {
        const body = {
          ...doc({ rev: 1, writer: 'newer', part: { known: 'yes' }, entries: [{ step: 's1' }, { step: 's2' }] }),
          later: { a: [1, null, 'x'] },
        };
        const newer = {
          ...body,
          part: { known: 'yes', unknown: { deep: true } },
          entries: [{ step: 's1', extra: 7 }, { step: 's2' }],
        };
        await plant(raw, 'a', newer);
        const read = await store.get('a');
        assert.deepEqual(read, newer);
        assert.ok(read !== undefined);
        const entries = (read.entries ?? []).map((e) => ({ ...e, step: 'changed' }));
        const put = await store.put('a', { ...read, entries }, 1);
        const expected = {
          ...newer,
          rev: 2,
          writer: put.writer,
          entries: [{ step: 'changed', extra: 7 }, { step: 'changed' }],
        };
        assert.deepEqual(JSON.parse((await raw.get('docs', 'a'))?.body ?? ''), expected);
        assert.deepEqual(put, expected);
      });

      it('upgrades an older version on read, and stores the new one at the next put', async () => {
        await plant(raw, 'a', { v: 1, rev: 1, writer: 'old', names: ['x'] });
        const read = await store.get('a');
        assert.deepEqual(read, doc({ rev: 1, writer: 'old', wins: ['x'] }));
        await store.put('a', read ?? doc(), 1);
        assert.deepEqual(JSON.parse((await raw.get('docs', 'a'))?.body ?? '').wins, ['x']);
      });

      it('answers Transient to a newer version', async () => {
        await plant(raw, 'a', { ...doc(), v: 3 });
        await assert.rejects(store.get('a'), (e: Error) => e instanceof Transient && e.message.includes('docs/a'));
      });

      for (const [what, body] of [
        ['no JSON', '{"v":2,'],
        ['no object', '[]'],
        ['no version', { rev: 1 }],
        ['a field of the wrong type', { ...doc(), wins: 'secret-value' }],
        ['an older version that cannot be upgraded', { v: 1, rev: 1, writer: 'x' }],
      ] as const) {
        it(`answers Malformed with the id and without the content: ${what}`, async () => {
          await plant(raw, 'a', body);
          await assert.rejects(store.get('a'), (e: Error) => {
            return e instanceof Malformed && e.message.includes('docs/a') && !e.message.includes('secret-value');
          });
        });
      }

      it('refuses to write what could not be read back', async () => {
        await assert.rejects(store.put('a', doc({ dueAt: 'not a time, and far too long for one' }), null), Malformed);
        assert.equal(await store.get('a'), undefined);
      });
    });

    describe('sizes', () => {
      const sized = (bytes: number): Doc => {
        const empty = Buffer.byteLength(JSON.stringify(doc({ rev: 1, writer: 'w'.repeat(32), wins: [''] })));
        const two = Math.floor((bytes - empty) / 2);
        return doc({ wins: ['é'.repeat(two) + 'x'.repeat(bytes - empty - 2 * two)] });
      };
      const fixed = { clock: { now: () => NOW, random: () => 'w'.repeat(32) } };

      it('stores a document of exactly 512 KiB of UTF-8', async () => {
        const put = await storeOver(raw, fixed).put('a', sized(MAX_DOCUMENT_BYTES), null);
        assert.equal(Buffer.byteLength((await raw.get('docs', 'a'))?.body ?? ''), 512 * 1024);
        assert.deepEqual(await store.get('a'), put);
      });

      it('refuses one byte more with a sentence that names id and size, and keeps what was there', async () => {
        await store.put('a', doc(), null);
        await assert.rejects(storeOver(raw, fixed).put('a', sized(MAX_DOCUMENT_BYTES + 1), 1), (e: Error) => {
          return e instanceof Malformed && e.message.includes('docs/a') && e.message.includes(String(512 * 1024 + 1));
        });
        assert.equal((await store.get('a'))?.rev, 1);
      });

      it('moves large before-images to the evidence store by hash, and brings them back', async () => {
        const evidence = makeMemoryEvidence();
        const spilling = storeOver(raw, { spill: evidence });
        const before = { manifest: 'm'.repeat(400 * 1024) };
        const small = { replicas: 3 };
        const whole = doc({
          entries: [
            { step: 's1', before },
            { step: 's2', before: small },
            { step: 's3', before },
          ],
        });
        const put = await spilling.put('a', whole, null);
        assert.deepEqual(put.entries, whole.entries);
        assert.deepEqual((await spilling.get('a'))?.entries, whole.entries);
        assert.deepEqual((await spilling.list({})).items[0]?.entries, whole.entries);
        assert.ok(Buffer.byteLength((await raw.get('docs', 'a'))?.body ?? '') < 1024);
        assert.equal((await evidence.list('documents/')).length, 1);
        assert.ok((await raw.get('docs', 'a'))?.body.includes('"replicas":3'));
      });

      it('keeps a before-image in the document where its hash holds something else', async () => {
        const evidence = makeMemoryEvidence();
        const spilling = storeOver(raw, { spill: evidence });
        const whole = doc({ entries: [{ step: 's1', before: { manifest: 'm'.repeat(40 * 1024) } }] });
        const text = JSON.stringify(whole.entries?.[0]?.before);
        await evidence.put(`documents/${createHash('sha256').update(text).digest('hex')}`, Buffer.from('{"not":"it"}'));
        await spilling.put('a', whole, null);
        assert.deepEqual((await store.get('a'))?.entries, whole.entries);
      });

      it('lets a writer without the evidence store put the markers back as they are', async () => {
        const spilling = storeOver(raw, { spill: makeMemoryEvidence() });
        const before = { manifest: 'm'.repeat(40 * 1024) };
        await spilling.put('a', doc({ entries: [{ step: 's1', before }] }), null);
        await addName(store, 'a', 'without evidence');
        const read = await spilling.get('a');
        assert.deepEqual(read?.entries?.[0]?.before, before);
        assert.deepEqual(read?.wins, ['without evidence']);
      });

      it('leaves a marker standing whose evidence is gone or is something else', async () => {
        const marker = { $spilled: 'a'.repeat(64), size: 40_000 };
        await plant(raw, 'a', doc({ rev: 1, entries: [{ step: 's1', before: marker }] }));
        const evidence = makeMemoryEvidence();
        assert.deepEqual((await storeOver(raw, { spill: evidence }).get('a'))?.entries?.[0]?.before, marker);
        await evidence.put(`documents/${'a'.repeat(64)}`, Buffer.from('{"not":"it"}'));
        assert.deepEqual((await storeOver(raw, { spill: evidence }).get('a'))?.entries?.[0]?.before, marker);
      });
    });

    describe('ids', () => {
      const bad = ['', '.', '..', '__x__', 'a/b', '../a', 'a b', 'a\n', 'ü', 'a?b', 'x'.repeat(401)];
      for (const id of bad) {
        it(`refuses ${JSON.stringify(id.slice(0, 12))} (${id.length}) before it reaches the backend`, async () => {
          await assert.rejects(store.get(id), Malformed);
          await assert.rejects(store.put(id, doc(), null), Malformed);
          await assert.rejects(store.delete(id), Malformed);
        });
      }

      it('takes every character of the grammar', async () => {
        for (const id of ['A-z.0_9~', '...', '__x', 'x'.repeat(400)]) await store.put(id, doc(), null);
        assert.equal((await store.list({})).items.length, 4);
        await assert.rejects(store.list({ prefix: 'a/' }), Malformed);
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
