import { strict as assert } from 'node:assert';
import { healthy } from '../deployment.ts';
import { examineProject, memoryStores } from '../kit.ts';

describe('firebreak doctor: halt', () => {
  const told = async (stores: ReturnType<typeof memoryStores>) =>
    (await examineProject(healthy(), { stores, checks: ['halt'] })).examined[0]?.verdicts;
  const record = { v: 1 as const, rev: 0, writer: '', at: '2026-11-03T03:13:04.000Z', by: 'ana@example.com' };

  it('reports a halt, who requested it, and the command that ends it', async () => {
    const stores = memoryStores();
    await stores.halts.put('halt', { ...record, halted: true, reason: 'a deploy' }, null);
    assert.deepEqual(await told(stores), [
      {
        status: 'warn',
        subject: 'halt',
        says: 'ana@example.com halted all changes at 2026-11-03T03:13:04.000Z: a deploy',
        next: 'firebreak resume --project p1 --reason "..."',
      },
    ]);
  });

  it('is ok if the halt is over', async () => {
    const stores = memoryStores();
    await stores.halts.put('halt', { ...record, halted: false, reason: 'over' }, null);
    assert.deepEqual(await told(stores), [{ status: 'ok', subject: 'halt', says: 'no halt is in force' }]);
  });

  it('reports that the documents cannot be read', async () => {
    const stores = memoryStores();
    const refuse = async () => {
      throw new Error('the database is on fire');
    };
    const verdicts = await told({ ...stores, halts: { ...stores.halts, get: refuse } });
    assert.deepEqual(verdicts, [
      {
        status: 'fail',
        subject: 'p1',
        says: 'cannot be read: the database is on fire',
        next: 'firebreak doctor --project p1',
      },
    ]);
  });
});
