import { strict as assert } from 'node:assert';
import { healthy } from '../deployment.ts';
import { examineProject, memoryStores } from '../kit.ts';

describe('firebreak doctor: halt', () => {
  const told = async (stores: ReturnType<typeof memoryStores>) =>
    (await examineProject(healthy(), { stores, checks: ['halt'] })).examined[0]?.verdicts;
  const record = { v: 1 as const, rev: 0, writer: '', at: '2026-11-03T03:13:04.000Z', by: 'ana@example.com' };

  it('tells of a halt, with who said so and how to end it', async () => {
    const stores = memoryStores();
    await stores.halts.put('halt', { ...record, halted: true, reason: 'a deploy' }, null);
    assert.deepEqual(await told(stores), [
      {
        status: 'warn',
        subject: 'halt',
        says: 'halted since 2026-11-03T03:13:04.000Z by ana@example.com (a deploy): nothing is changed until somebody resumes',
        next: 'firebreak resume --project p1 --reason "..."',
      },
    ]);
  });

  it('is content where a halt is over', async () => {
    const stores = memoryStores();
    await stores.halts.put('halt', { ...record, halted: false, reason: 'over' }, null);
    assert.deepEqual(await told(stores), [{ status: 'ok', subject: 'halt', says: 'no halt holds' }]);
  });

  it('says of documents that cannot be read that they cannot be looked at', async () => {
    const stores = memoryStores();
    const refuse = async () => {
      throw new Error('the database is on fire');
    };
    const verdicts = await told({ ...stores, halts: { ...stores.halts, get: refuse } });
    assert.deepEqual(verdicts, [
      {
        status: 'fail',
        subject: 'p1',
        says: 'cannot be looked at: the database is on fire',
        next: 'firebreak doctor --project p1',
      },
    ]);
  });
});
