import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { SCENARIOS } from '../../../local/scenarios/registry.ts';

const FOLDER = new URL('../../../local/scenarios/', import.meta.url);

/** The ids of the scenarios that a file of the folder exports. Shared helper files export none. */
const exportedBy = async (file: string): Promise<string[]> => {
  const module: Record<string, unknown> = await import(new URL(file, FOLDER).href);
  return Object.values(module).flatMap((one) => (isScenario(one) ? one.id : []));
};

const isScenario = (one: unknown): one is { id: string } =>
  typeof one === 'object' && one !== null && 'story' in one && 'id' in one;

describe('the scenarios', () => {
  it('are those of the folder, each under the name of its file', async () => {
    const found: string[] = [];
    for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.ts')))
      for (const id of await exportedBy(file)) {
        assert.equal(`${id}.ts`, file);
        found.push(id);
      }
    assert.deepEqual(SCENARIOS.map(({ id }) => id).toSorted(), found.toSorted());
  });

  for (const { id, title, story, missing } of SCENARIOS) {
    it(`${id} has a story, and does not end before anything happens`, () => {
      assert.ok(title !== '' && story.length > 0);
      assert.notDeepEqual(missing([]), []);
    });
  }
});
