import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { STEPS, stepOf } from '../../../../shared/containment/steps/registry.ts';
import { STEP_IDS } from '../../../../shared/model/ids.ts';

const idsIn = (folder: string, end: string): string[] =>
  readdirSync(new URL(folder, import.meta.url))
    .filter((name) => name.endsWith(end) && !name.startsWith('registry'))
    .map((name) => name.slice(0, -end.length))
    .sort();

describe('containment/steps/registry', () => {
  it('lists every step id once, in the order in which plans run', () => {
    assert.deepEqual(
      STEPS.map((step) => step.id),
      STEP_IDS,
    );
  });

  it('lists exactly the files of the folder, each with a test', () => {
    const ids = [...STEP_IDS].sort();
    assert.deepEqual(idsIn('../../../../shared/containment/steps/', '.ts'), ids);
    assert.deepEqual(idsIn('./', '.test.ts'), ids);
  });

  it('finds a step by its id', () => {
    for (const id of STEP_IDS) assert.equal(stepOf(id)?.id, id);
  });

  it('describes every step in one sentence', () => {
    for (const step of STEPS) assert.match(step.does, /^[A-Z].{20,}\.$/, step.id);
  });
});
