import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { assess } from '../../../shared/decision/assess.ts';
import { DEFAULT_POLICY } from '../../../shared/decision/policy.ts';
import type { Family, Severity, Tier } from '../../../shared/model/ids.ts';
import type { Maximum } from '../../../shared/model/incident.ts';

const max = (severity: Severity, confidence: number, family: Family, conclusive = false): Maximum => ({
  rule: `${family}-${severity}`,
  severity,
  confidence,
  family,
  conclusive,
  finding: 'f',
});
const of = (...maxima: Maximum[]) => assess(DEFAULT_POLICY.matrix, maxima);

describe('the assessment of evidence', () => {
  const cells: Array<[Severity, [Tier, Tier, Tier, Tier]]> = [
    ['low', ['observe', 'observe', 'observe', 'observe']],
    ['medium', ['observe', 'snapshot', 'snapshot', 'quarantine']],
    ['high', ['snapshot', 'snapshot', 'quarantine', 'quarantine']],
    ['critical', ['snapshot', 'quarantine', 'isolate', 'delete-workload']],
  ];
  for (const [severity, tiers] of cells)
    it(`follows the matrix row of ${severity} at the edges of its bands`, () => {
      const at = (confidence: number) => of(max(severity, confidence, 'exec', true)).tier;
      assert.deepEqual(
        [0, 0.499, 0.5, 0.749, 0.75, 0.899, 0.9, 1].map(at),
        tiers.flatMap((tier) => [tier, tier]),
      );
    });

  it('combines families, and takes only the best finding of each family', () => {
    const { severity, confidence, tier } = of(
      max('high', 0.5, 'spec'),
      max('critical', 0.2, 'spec'),
      max('high', 0.5, 'network'),
    );
    assert.deepEqual([severity, confidence, tier], ['critical', 0.2, 'quarantine']);
    assert.equal(of(max('high', 0.5, 'spec'), max('high', 0.5, 'network')).confidence, 0.75);
    assert.equal(of(max('high', 0.5, 'spec'), max('high', 0.4, 'spec')).confidence, 0.5);
  });

  it('counts a more severe finding at every lower level too', () => {
    const { tier } = of(max('critical', 0.4, 'exec', true), max('high', 0.6, 'network'));
    assert.equal(tier, 'quarantine');
  });

  it('stays at snapshot if only one family has evidence, and names that family', () => {
    const { tier, because } = of(max('critical', 1, 'cpu'));
    assert.equal(tier, 'snapshot');
    assert.deepEqual(because, [
      'critical with confidence 1.00 (cpu 1.00) is delete-workload in the matrix',
      'cpu is the only family of evidence and nothing is conclusive: at most snapshot',
    ]);
  });

  it('says that conclusive evidence from one family is enough', () => {
    assert.deepEqual(of(max('high', 0.9, 'exec', true)).because, [
      'high with confidence 0.90 (exec 0.90) is quarantine in the matrix',
      'the evidence is conclusive, so one family is enough',
    ]);
  });

  it('gives neither severity nor tier without findings', () => {
    assert.deepEqual(of(), {
      severity: null,
      confidence: null,
      tier: 'observe',
      because: ['there is no finding'],
      levels: [],
      deciding: undefined,
    });
  });
});
