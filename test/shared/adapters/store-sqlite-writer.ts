import { makeSqliteStore } from '../../../shared/adapters/store-sqlite.ts';
import { Conflict } from '../../../shared/errors.ts';

const [path = '', times = '0'] = process.argv.slice(2);
const store = makeSqliteStore({ path, now: () => Date.parse('2026-03-01T12:00:00.000Z') });

for (let won = 0; won < Number(times); ) {
  const expected = (await store.get('hosts', 'a'))?.rev ?? null;
  const rev = (expected ?? 0) + 1;
  const body = JSON.stringify({ rev, filler: 'x'.repeat(5000) });
  try {
    await store.put('hosts', 'a', { rev, body, updatedAt: '2026-03-01T12:00:00.000Z' }, expected);
    won++;
    process.stdout.write(`${rev}\n`);
  } catch (thrown) {
    if (!(thrown instanceof Conflict)) throw thrown;
  }
}
store.close();
