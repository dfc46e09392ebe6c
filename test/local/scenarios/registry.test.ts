import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { SCENARIOS } from '../../../local/scenarios/registry.ts';

describe('the scenarios', () => {
  for (const { id, title, story, missing } of SCENARIOS) {
    it(`${id} is named like its file, has a story, and does not end before anything happens`, () => {
      assert.ok(existsSync(new URL(`../../../local/scenarios/${id}.ts`, import.meta.url)));
      assert.ok(title !== '' && story.length > 0);
      assert.notDeepEqual(missing([]), []);
    });
  }
});
