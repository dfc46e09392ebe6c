import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { Malformed } from '../../shared/errors.ts';
import type { Evidence } from '../../shared/ports.ts';

/** An empty evidence store; `another` is a further client of the same store. */
export type EvidenceBackend = { evidence: Evidence; another(): Evidence; close(): Promise<void> };

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const sha256 = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');
const KEY = 'inc-1/pod-1#objects/pod.json';

/** The contract of every evidence store. */
export const evidenceContract = (name: string, open: () => Promise<EvidenceBackend>): void => {
  describe(`evidence: ${name}`, () => {
    let backend: EvidenceBackend;
    let evidence: Evidence;
    beforeEach(async () => {
      backend = await open();
      evidence = backend.evidence;
    });
    afterEach(() => backend.close());

    it('keeps a body and says its size and SHA-256', async () => {
      const body = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256);
      assert.deepEqual(await evidence.put(KEY, body), {
        key: KEY,
        sha256: sha256(body),
        size: 70_000,
        existed: false,
      });
      assert.deepEqual(Buffer.from((await backend.another().get(KEY)) ?? []), Buffer.from(body));
    });

    it('keeps an empty body', async () => {
      assert.equal((await evidence.put(KEY, bytes(''))).size, 0);
      assert.equal((await evidence.get(KEY))?.length, 0);
    });

    it('gives undefined for what is not there', async () => {
      assert.equal(await evidence.get(KEY), undefined);
      await evidence.put(KEY, bytes('x'));
      assert.equal(await evidence.get('inc-1/pod-1#objects'), undefined);
    });

    it('says that the same body was there already', async () => {
      await evidence.put(KEY, bytes('first'));
      assert.deepEqual(await backend.another().put(KEY, bytes('first')), {
        key: KEY,
        sha256: sha256(bytes('first')),
        size: 5,
        existed: true,
      });
    });

    it('never overwrites: a different body is answered with the hash of what is stored', async () => {
      await evidence.put(KEY, bytes('first'));
      assert.deepEqual(await evidence.put(KEY, bytes('second one')), {
        key: KEY,
        sha256: sha256(bytes('first')),
        size: 5,
        existed: true,
      });
      assert.equal(Buffer.from((await evidence.get(KEY)) ?? []).toString(), 'first');
    });

    it('lets one of 20 creators win, and tells all of the same body', async () => {
      const second = backend.another();
      const puts = await Promise.all(
        Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? evidence : second).put(KEY, bytes(`body ${i}`))),
      );
      assert.equal(puts.filter(({ existed }) => !existed).length, 1);
      assert.deepEqual(new Set(puts.map((p) => p.sha256)), new Set([sha256((await evidence.get(KEY)) ?? bytes(''))]));
    });

    it('is not changed by what becomes of the bytes that were handed over or given out', async () => {
      const body = bytes('first');
      await evidence.put(KEY, body);
      body[0] = 0;
      const out = await evidence.get(KEY);
      out?.fill(0);
      assert.equal(Buffer.from((await evidence.get(KEY)) ?? []).toString(), 'first');
    });

    it('lists keys by prefix, in order, wherever the prefix ends', async () => {
      const keys = ['inc-1/b#logs/app.log', 'inc-1/a#objects/pod.json', 'inc-10/x', 'inc-2/y=1', 'inc-2/z'];
      for (const key of keys) await evidence.put(key, bytes(key));
      assert.deepEqual(await evidence.list(''), [...keys].sort());
      assert.deepEqual(await evidence.list('inc-1/'), ['inc-1/a#objects/pod.json', 'inc-1/b#logs/app.log']);
      assert.deepEqual(await evidence.list('inc-1'), ['inc-1/a#objects/pod.json', 'inc-1/b#logs/app.log', 'inc-10/x']);
      assert.deepEqual(await evidence.list('inc-2/y='), ['inc-2/y=1']);
      assert.deepEqual(await evidence.list('none/'), []);
    });

    const hostile = ['', '/', 'a/', '/a', 'a//b', '.', '..', 'a/../b', '../a', 'a/./b', 'a b', 'a\\b', 'a%2e', 'a?b'];
    for (const key of [...hostile, 'a\0', 'ü', '~unfinished/x', 'x'.repeat(201), 'abc/'.repeat(300)]) {
      it(`refuses the key ${JSON.stringify(key.slice(0, 20))} (${key.length})`, async () => {
        await assert.rejects(evidence.put(key, bytes('x')), Malformed);
        await assert.rejects(evidence.get(key), Malformed);
        assert.deepEqual(await evidence.list(''), []);
      });
    }

    it('refuses prefixes that climb or leave the grammar', async () => {
      for (const prefix of ['../', 'a/../', '/', 'a//', 'a b', '~unfinished/']) {
        await assert.rejects(evidence.list(prefix), Malformed);
      }
    });
  });
};
