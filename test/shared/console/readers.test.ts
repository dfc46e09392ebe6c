import { strict as assert } from 'node:assert';
import { exhibitReader } from '../../../shared/console/readers.ts';
import { STAYS_VALID } from '../../../shared/containment/host-exhibits.ts';
import { CONSOLE_EXHIBIT } from '../../../shared/deployment.ts';
import { Denied } from '../../../shared/errors.ts';

describe('exhibitReader', () => {
  const { get } = exhibitReader({ get: async (key) => Buffer.from(key) });
  const folder = 'incidents/i-1/00000000-0000-4000-8000-000000000001';

  it("reads the exhibit that capture-evidence writes and the console's role may read", async () => {
    assert.equal(CONSOLE_EXHIBIT, `/objects/${STAYS_VALID}`);
    const key = `${folder}${CONSOLE_EXHIBIT}`;
    assert.equal(String(await get(key)), key);
  });

  it('reads nothing else', async () => {
    for (const key of [
      `${folder}/objects/manifest.json`,
      `${folder}/logs/what-stays-valid.json`,
      `${folder}/objects/x${CONSOLE_EXHIBIT}`,
      CONSOLE_EXHIBIT.slice(1),
      `incidents/../i-1${CONSOLE_EXHIBIT}`,
    ])
      await assert.rejects(get(key), Denied, key);
  });
});
