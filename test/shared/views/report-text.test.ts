import { strict as assert } from 'node:assert';
import { ruleOf } from '../../../shared/detection/registry.ts';
import { happenedText } from '../../../shared/views/report-text.ts';
import { contained, finding } from './fixtures.ts';

describe('happenedText', () => {
  it('is about the most severe finding, not about the surest one', () => {
    const miner = finding({ id: 'f-1', rule: 'exec-miner', severity: 'critical', confidence: 0.9 });
    const shell = finding({ id: 'f-2', rule: 'exec-into-pod', severity: 'low', confidence: 0.95 });
    for (const findings of [
      [miner, shell],
      [shell, miner],
    ])
      assert.equal(happenedText(contained({ findings }), ruleOf), ruleOf('exec-miner')?.title);
    assert.equal(happenedText(contained({ findings: [] }), ruleOf), 'Requested by an operator');
  });
});
