import { strict as assert } from 'node:assert';
import { healthy } from '../deployment.ts';
import { examineProject, memoryStores } from '../kit.ts';

describe('firebreak doctor: dead-letters', () => {
  it('reports how many messages were given up, their topics, and the command that lists them', async () => {
    const stores = memoryStores();
    for (const [id, topic] of Object.entries({ d1: 'findings', d2: 'requests', d3: 'findings', d4: 'all is well' })) {
      const letter = { v: 1 as const, rev: 0, writer: '', id, topic, at: '2026-11-03T03:13:04.000Z', attributes: {} };
      await stores.dead.put(id, { ...letter, body: {} }, null);
    }
    const { examined } = await examineProject(healthy(), { stores, checks: ['dead-letters'] });
    assert.deepEqual(examined[0]?.verdicts, [
      {
        status: 'warn',
        subject: 'dead-letters',
        says: '4 messages were given up in the last 7 days, from findings, requests, "all is well"',
        next: 'firebreak dead-letters --project p1',
      },
    ]);
  });

  it('does not warn for ever of one that was given up long ago', async () => {
    const stores = memoryStores();
    const letter = { v: 1 as const, rev: 0, writer: '', id: 'd1', topic: 'findings', attributes: {}, body: {} };
    await stores.dead.put('d1', { ...letter, at: '2026-10-20T03:13:04.000Z' }, null);
    const { examined } = await examineProject(healthy(), { stores, checks: ['dead-letters'] });
    assert.deepEqual(examined[0]?.verdicts, [
      { status: 'ok', subject: 'dead-letters', says: 'none in the last 7 days, 1 before' },
    ]);
  });
});
