import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { incident } from '../../../../shared/model/incident.ts';
import { healthy } from '../deployment.ts';
import { NOW } from '../deployment-parts.ts';
import { examineProject, memoryStores } from '../kit.ts';

const FIXTURE = new URL('../../../fixtures/documents/v1/incident.json', import.meta.url);
const at = (ms: number): string => new Date(NOW + ms).toISOString();

describe('firebreak doctor: overdue', () => {
  it('reports an incident that nobody took up when it was due, and where to look', async () => {
    const stores = memoryStores();
    const doc = incident.parse(JSON.parse(await readFile(FIXTURE, 'utf8')));
    await stores.incidents.put('i-1', { ...doc, id: 'i-1', dueAt: at(-10 * 60_000) }, null);
    await stores.incidents.put('i-2', { ...doc, id: 'i-2', dueAt: at(-60_000) }, null);
    const { examined } = await examineProject(healthy(), { stores, checks: ['overdue'] });
    assert.deepEqual(examined[0]?.verdicts, [
      {
        status: 'fail',
        subject: 'i-1',
        says: `was due at ${at(-10 * 60_000)} and was not continued`,
        next: 'firebreak incidents i-1 --project p1; gcloud logging read operate',
      },
    ]);
  });
});
