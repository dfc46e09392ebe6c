import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import { readRequests } from '../../../shared/console/read-requests.ts';
import type { RequestRecord } from '../../../shared/model/request.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { openStores } from '../../../shared/store/incidents.ts';
import { virtualClock } from '../../kit/virtual-clock.ts';

const NOW = Date.parse('2026-03-02T03:00:00.000Z');

const record = (id: string, over: Partial<RequestRecord> = {}): RequestRecord => ({
  v: 1,
  rev: 0,
  writer: 'w',
  id,
  request: { action: 'approve', reason: 'look', requestedBy: 'ana@example.com' },
  publishedAt: timeOf(NOW),
  firstSeenAt: timeOf(NOW),
  state: 'refused',
  incident: 'i-1',
  ...over,
});

const stored = async (records: readonly RequestRecord[]) => {
  const clock = virtualClock(NOW);
  const { requests } = openStores({ raw: makeMemoryStore(clock), clock });
  for (const one of records) await requests.put(one.id, one, null);
  return readRequests(requests, 'i-1');
};

/** Many requests whose ids come before any other. */
const flood = (count: number, over: Partial<RequestRecord>): RequestRecord[] =>
  Array.from({ length: count }, (_, n) => record(`-${n}`, { firstSeenAt: timeOf(NOW + 60_000 + n), ...over }));

describe('the requests that a page shows', () => {
  const real = record('r-1', { state: 'accepted', operator: 'ana@example.com' });

  it('are all of them, the newest first', async () => {
    const later = record('a-2', { firstSeenAt: timeOf(NOW + 1) });
    const other = record('a-3', { incident: 'i-2' });
    const { requests, moreRequests } = await stored([real, later, other]);
    assert.deepEqual([requests.map(({ id }) => id), moreRequests], [['a-2', 'r-1'], false]);
  });

  for (const state of ['refused', 'accepted'] as const)
    it(`are still those that were carried out for a proven sender, where others had many ${state}`, async () => {
      const { requests, moreRequests } = await stored([...flood(60, { state }), real]);
      assert.deepEqual([requests.length, requests.at(-1)?.id, moreRequests], [50, 'r-1', true]);
    });

  it('say that there are more, also of those that were not read', async () => {
    assert.equal((await stored(flood(201, {}))).moreRequests, true);
    assert.equal((await stored(flood(50, {}))).moreRequests, false);
  });
});
