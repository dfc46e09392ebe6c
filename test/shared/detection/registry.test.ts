import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { RULES, ruleOf } from '../../../shared/detection/registry.ts';
import { needsOf } from '../../../shared/detection/rule.ts';

const namesIn = (folder: string, ending: string): string[] =>
  readdirSync(new URL(folder, import.meta.url))
    .map((file) => file.replace(ending, ''))
    .sort();

describe('the registry of rules', () => {
  it('contains every rule of the folder, under the name of its file', async () => {
    const ids = RULES.map((rule) => rule.id).sort();
    assert.deepEqual(ids, namesIn('../../../shared/detection/rules/', '.ts'));
    for (const id of ids) {
      const module: Record<string, unknown> = await import(`../../../shared/detection/rules/${id}.ts`);
      assert.ok(Object.values(module).includes(ruleOf(id)), id);
    }
  });

  it('contains no rule without a test', () => {
    const tested = namesIn('./rules/', '.test.ts');
    for (const rule of RULES) assert.ok(tested.includes(rule.id), rule.id);
  });

  for (const rule of RULES) {
    it(`documents ${rule.id}`, () => {
      for (const text of [rule.title, rule.sees, rule.why, needsOf(rule), rule.example]) assert.ok(text.length > 10);
      assert.ok(rule.technique.length > 0);
      for (const { id, name } of rule.technique) {
        assert.match(id, /^T\d{4}(\.\d{3})?$/);
        assert.ok(name.length > 3);
      }
      assert.ok(rule.confidence > 0 && rule.confidence <= 1);
      // Two rules with the same title could not be told apart in a list.
      assert.equal(RULES.filter((one) => one.title === rule.title).length, 1);
    });
  }

  it('finds no rule by an inherited name', () => assert.equal(ruleOf('constructor'), undefined));
});
