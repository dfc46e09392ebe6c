import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { describe, it } from 'mocha';
import { Transient } from '../../../shared/errors.ts';
import { makeSpill, SPILL_ABOVE } from '../../../shared/store/spill.ts';
import { makeMemoryEvidence } from '../../kit/memory-evidence.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const LARGE = { was: 'x'.repeat(SPILL_ABOVE) };
const HASH = hashOf(JSON.stringify(LARGE));
const KEY = `documents/${HASH}`;
const document = (before: unknown) => JSON.stringify({ id: 'i-1', journal: [{ step: 'cordon-node', before }] });
const bytes = (text: string) => new TextEncoder().encode(text);

describe('store/spill', () => {
  it('moves a large part out and back, and leaves a small one where it is', async () => {
    const evidence = makeMemoryEvidence();
    const spill = makeSpill(evidence);
    const stored = await spill.store(document(LARGE));
    assert.ok(stored.length < 500 && stored.includes(HASH));
    assert.equal(await spill.fetch(stored), document(LARGE));
    assert.equal(await makeSpill(evidence).fetch(stored), document(LARGE), 'by another process');
    const small = document({ was: 'y'.repeat(100) });
    assert.equal(await spill.store(small), small);
    // The largest part that stays: its JSON has exactly the size.
    const edge = { was: 'z'.repeat(SPILL_ABOVE - '{"was":""}'.length) };
    assert.equal(await spill.store(document(edge)), document(edge));
    assert.notEqual(await spill.store(document({ was: `${edge.was}z` })), document({ was: `${edge.was}z` }));
  });

  it('remembers a part that it has read, and forgets those from long ago: a process may read for weeks', async () => {
    const evidence = makeMemoryEvidence();
    let puts = 0;
    const put: typeof evidence.put = (...given) => {
      puts += 1;
      return evidence.put(...given);
    };
    const first = await makeSpill(evidence).store(document(LARGE));
    const markers = await Promise.all(
      Array.from({ length: 1000 }, async (_, n) => {
        const text = JSON.stringify({ n });
        await evidence.put(`documents/${hashOf(text)}`, bytes(text));
        return document({ $spilled: hashOf(text), size: text.length });
      }),
    );
    const spill = makeSpill({ ...evidence, put });
    await spill.fetch(first);
    await spill.store(document(LARGE));
    assert.equal(puts, 0);
    for (const marker of markers) await spill.fetch(marker);
    await spill.store(document(LARGE));
    assert.equal(puts, 1);
  });

  it('moves smaller parts out as well where many of them would fill the document', async () => {
    const spill = makeSpill(makeMemoryEvidence());
    const crowded = (many: number) =>
      JSON.stringify({
        journal: Array.from({ length: many }, (_, n) => ({ before: { was: `${n}${'x'.repeat(30_000)}` } })),
      });
    assert.equal(await spill.store(crowded(4)), crowded(4));
    const stored = await spill.store(crowded(60));
    assert.ok(stored.length < 10_000, `${stored.length} characters`);
    assert.equal(await spill.fetch(stored), crowded(60));
  });

  it('leaves the marker in its place where the evidence is gone or altered: a changed before-image is never restored', async () => {
    const marker = document({ $spilled: HASH, size: 1 });
    for (const there of [undefined, '{"was":"altered"}', `${JSON.stringify(LARGE)} `]) {
      const evidence = makeMemoryEvidence();
      if (there !== undefined) await evidence.put(KEY, bytes(there));
      assert.equal(await makeSpill(evidence).fetch(marker), marker, there?.slice(0, 20));
    }
  });

  it('keeps a part in its document where something else is stored under its hash', async () => {
    const evidence = makeMemoryEvidence();
    await evidence.put(KEY, bytes('{"was":"altered"}'));
    assert.equal(await makeSpill(evidence).store(document(LARGE)), document(LARGE));
  });

  it('keeps a part in its document where the evidence store is out of order, as long as it has room there', async () => {
    const put = () => Promise.reject(new Transient('no answer'));
    const spill = makeSpill({ ...makeMemoryEvidence(), put }, 2 * SPILL_ABOVE);
    assert.equal(await spill.store(document(LARGE)), document(LARGE));
    await assert.rejects(spill.store(document({ was: 'x'.repeat(2 * SPILL_ABOVE) })), Transient);
  });

  it('fetches nothing for a marker that is none, and no key but that of a hash', async () => {
    const asked: string[] = [];
    const evidence = makeMemoryEvidence();
    const spill = makeSpill({
      ...evidence,
      get: async (key) => {
        asked.push(key);
        return evidence.get(key);
      },
    });
    for (const odd of [`x${HASH}`, `${HASH}/..`, HASH.toUpperCase(), '../secret', 7, null, [HASH]]) {
      const body = document({ $spilled: odd });
      assert.equal(await spill.fetch(body), body, String(odd));
    }
    const elsewhere = JSON.stringify({ note: { $spilled: HASH } });
    assert.equal(await spill.fetch(elsewhere), elsewhere, 'not in the place of a part');
    assert.deepEqual(asked, []);
  });

  it('stores a part once, however often its document is written', async () => {
    const evidence = makeMemoryEvidence();
    let puts = 0;
    const put: typeof evidence.put = (key, body) => {
      puts += 1;
      return evidence.put(key, body);
    };
    const spill = makeSpill({ ...evidence, put });
    for (let n = 0; n < 3; n += 1) await spill.store(document(LARGE));
    assert.equal(puts, 1);
    const other = makeSpill({ ...evidence, put });
    await other.fetch(document({ $spilled: HASH }));
    await other.store(document(LARGE));
    assert.equal(puts, 1, 'it has read it');
  });

  it('leaves a body as it is that is no JSON', async () => {
    const spill = makeSpill(makeMemoryEvidence());
    for (const body of [`{"$spilled" ${HASH}`, `x${'y'.repeat(SPILL_ABOVE)}`]) {
      assert.equal(await spill.store(body), body);
      assert.equal(await spill.fetch(body), body);
    }
  });
});
