import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { incident } from '../../../shared/model/incident.ts';
import { healthy, NOW } from './deployment.ts';
import { examineProject, memoryStores } from './kit.ts';

const ROOT = new URL('../../fixtures/documents/v1/', import.meta.url);
const at = (ms: number): string => new Date(NOW + ms).toISOString();

describe('firebreak doctor on what the documents say', () => {
  const told = async (check: string, stores: ReturnType<typeof memoryStores>) => {
    const { examined } = await examineProject(healthy(), { stores });
    return examined.find((one) => one.check === check)?.verdicts;
  };

  it('tells of a halt, with who said so and how to end it', async () => {
    const stores = memoryStores();
    const stamp = { v: 1 as const, rev: 0, writer: '' };
    const record = { ...stamp, halted: true, at: at(-60_000), by: 'ana@example.com', reason: 'a deploy' };
    await stores.halts.put('halt', record, null);
    assert.deepEqual(await told('halt', stores), [
      {
        status: 'warn',
        subject: 'halt',
        says: `nothing is changed since ${at(-60_000)}, because ana@example.com said so: a deploy`,
        next: 'firebreak resume --reason "..."',
      },
    ]);
  });

  it('tells of an incident that nobody took up when it was due', async () => {
    const stores = memoryStores();
    const doc = incident.parse(JSON.parse(await readFile(new URL('incident.json', ROOT), 'utf8')));
    await stores.incidents.put('i-1', { ...doc, id: 'i-1', dueAt: at(-10 * 60_000) }, null);
    await stores.incidents.put('i-2', { ...doc, id: 'i-2', dueAt: at(-60_000) }, null);
    const verdicts = await told('overdue', stores);
    assert.deepEqual(
      verdicts?.map(({ status, subject }) => [status, subject]),
      [['fail', 'i-1']],
    );
  });

  it('tells of dead letters, and where to see them', async () => {
    const stores = memoryStores();
    const stamp = { v: 1 as const, rev: 0, writer: '' };
    const letter = { ...stamp, id: 'd1', topic: 'findings', at: at(-1), attributes: {}, body: {} };
    await stores.dead.put('d1', letter, null);
    assert.deepEqual(await told('dead-letters', stores), [
      {
        status: 'warn',
        subject: 'dead-letters',
        says: '1 messages were given up, of findings',
        next: 'firebreak dead-letters',
      },
    ]);
  });

  it('says of documents that cannot be read that they cannot be looked at', async () => {
    const stores = memoryStores();
    const refuse = async () => {
      throw new Error('the database is on fire');
    };
    const broken = { ...stores, halts: { ...stores.halts, get: refuse } };
    const verdicts = await told('halt', broken);
    assert.deepEqual(
      verdicts?.map(({ status, says }) => [status, says]),
      [['fail', 'cannot be looked at: the database is on fire']],
    );
  });
});
