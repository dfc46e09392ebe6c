import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { Malformed, Transient } from '../../shared/errors.ts';
import type { DocStore } from '../../shared/ports.ts';
import type { RawStore } from '../../shared/store/raw.ts';
import { MAX_DOCUMENT_BYTES } from '../../shared/store.ts';
import { makeMemoryEvidence } from '../kit/memory-evidence.ts';
import { addName, type Doc, doc, NOW, plant, storeOver } from './doc-store-documents.ts';
import type { Backend, OpenBackend } from './raw-store.ts';

/** The contract of a DocStore over any backend, for versions, unknown keys, sizes and ids. */
export const docShapesContract = (name: string, open: OpenBackend): void => {
  describe(`documents: ${name}`, () => {
    let backend: Backend;
    let raw: RawStore;
    let store: DocStore<Doc>;
    beforeEach(async () => {
      backend = await open(() => NOW);
      raw = backend.raw;
      store = storeOver(raw);
    });
    afterEach(() => backend.close());

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
  });
};
