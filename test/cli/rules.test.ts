import { strict as assert } from 'node:assert';
import { main } from '../../cli/main.ts';
import { RULES } from '../../shared/detection/registry.ts';
import { captured } from './kit.ts';

const rules = async (...argv: string[]): Promise<string> => {
  const { io, said } = captured();
  assert.equal(await main(['rules', ...argv], io), 0);
  return (await said()).out;
};

describe('firebreak rules', () => {
  it('lists every rule with what it claims at most', async () => {
    const [heading, ...rows] = (await rules()).trimEnd().split('\n');
    assert.match(heading ?? '', /^RULE +SEVERITY +CONFIDENCE +TECHNIQUE +TITLE$/);
    assert.equal(rows.length, RULES.length);
    for (const [index, rule] of RULES.entries()) {
      const row = rows[index] ?? '';
      for (const cell of [rule.id, rule.severity, rule.confidence.toFixed(2), rule.title])
        assert.ok(row.includes(cell));
    }
  });

  it('gives everything they say of themselves as JSON', async () => {
    const read = JSON.parse(await rules('--json'));
    assert.deepEqual(
      read.rules.map((rule: { id: string }) => rule.id),
      RULES.map((rule) => rule.id),
    );
    for (const key of ['sees', 'why', 'technique', 'falsePositives', 'filter', 'example'])
      assert.ok(key in read.rules[0]);
  });
});
