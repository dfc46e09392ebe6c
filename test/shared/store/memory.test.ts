import { strict as assert } from 'node:assert';
import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import { Malformed } from '../../../shared/errors.ts';
import { openMemoryStores } from '../../../shared/store/memory.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const clock = { now: () => NOW, random: () => 'w' };

describe('openMemoryStores', () => {
  it('stores what a function remembers, and finds it by key', async () => {
    const raw = makeMemoryStore({ now: clock.now });
    const { threads, marks } = openMemoryStores({ raw, clock });
    const memory = {
      v: 1 as const,
      rev: 0,
      writer: '',
      key: 'inc-1',
      expireAt: '2026-03-02T12:00:00.000Z',
      ts: '17.1',
    };
    const put = await threads.put('a', memory, null);
    assert.deepEqual(put, { ...memory, rev: 1, writer: 'w' });
    assert.deepEqual((await threads.list({ key: 'inc-1' })).items, [put]);
    assert.equal((await raw.get('threads', 'a'))?.expireAt, memory.expireAt);
    assert.equal(await marks.get('a'), undefined);
  });

  it('refuses an expireAt that is not a time', async () => {
    const { marks } = openMemoryStores({ raw: makeMemoryStore({ now: clock.now }), clock });
    await assert.rejects(marks.put('a', { v: 1, rev: 0, writer: '', expireAt: 'tomorrow' }, null), Malformed);
  });
});
