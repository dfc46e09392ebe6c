import { strict as assert } from 'node:assert';
import { makeMemoryStore } from '../../shared/adapters/store-memory.ts';
import { accountEmail, accountProject, COLLECTIONS } from '../../shared/deployment.ts';
import { openStores } from '../../shared/store/incidents.ts';
import { openMemoryStores } from '../../shared/store/memory.ts';
import type { RawStore } from '../../shared/store/raw.ts';
import { virtualClock } from '../kit/virtual-clock.ts';

const clock = virtualClock();

/** The collections that the stores of a database read. */
const asked = async (open: (raw: RawStore) => object): Promise<string[]> => {
  const seen = new Set<string>();
  const raw = makeMemoryStore(clock);
  const stores: Record<string, { list(query: object): Promise<unknown> }> = Object(
    open({
      ...raw,
      list: (collection, ...query) => {
        seen.add(collection);
        return raw.list(collection, ...query);
      },
    }),
  );
  for (const store of Object.values(stores)) await store.list({});
  return [...seen].toSorted();
};

describe('shared/deployment', () => {
  it('reads the project of a service account from its address, and none from one that Google made', () => {
    for (const project of ['p1', 'example.com:p1'])
      assert.equal(accountProject(accountEmail('firebreak-contain', project)), project);
    for (const email of ['12345-compute@developer.gserviceaccount.com', 'ana@example.com'])
      assert.equal(accountProject(email), undefined);
  });

  it('names every collection of each database, so that each gets its expiry and index settings', async () => {
    assert.deepEqual(await asked((raw) => openStores({ raw, clock })), [...COLLECTIONS.incidents].toSorted());
    assert.deepEqual(await asked((raw) => openMemoryStores({ raw, clock })), [...COLLECTIONS.memory].toSorted());
  });
});
