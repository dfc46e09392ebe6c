import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { scoresOf } from '../../../shared/detection/score.ts';
import { FAMILIES, SEVERITIES, severityRank } from '../../../shared/model/ids.ts';
import type { Maximum } from '../../../shared/model/incident.ts';

const maximum: fc.Arbitrary<Maximum> = fc.record({
  rule: fc.constantFrom('a', 'b', 'c'),
  severity: fc.constantFrom(...SEVERITIES),
  confidence: fc.integer({ min: 0, max: 100 }).map((hundredths) => hundredths / 100),
  family: fc.constantFrom(...FAMILIES),
  conclusive: fc.boolean(),
  finding: fc.constant('f'),
});

describe('scores', () => {
  it('combine the best finding of each family, at its level and at each lower one', () => {
    const of = (severity: Maximum['severity'], confidence: number, family: Maximum['family']): Maximum => ({
      rule: 'r',
      severity,
      confidence,
      family,
      conclusive: family === 'exec',
      finding: 'f',
    });
    const scores = scoresOf([of('high', 0.5, 'spec'), of('high', 0.4, 'spec'), of('medium', 0.5, 'exec')]);
    assert.deepEqual(
      scores.map(({ severity, confidence, families, conclusive }) => [severity, confidence, [...families], conclusive]),
      [
        [
          'low',
          0.75,
          [
            ['spec', 0.5],
            ['exec', 0.5],
          ],
          true,
        ],
        [
          'medium',
          0.75,
          [
            ['spec', 0.5],
            ['exec', 0.5],
          ],
          true,
        ],
        ['high', 0.5, [['spec', 0.5]], false],
      ],
    );
    assert.deepEqual(scoresOf([]), []);
  });

  it('are never lower with one finding more, and do not depend on the order', () => {
    fc.assert(
      fc.property(fc.array(maximum, { maxLength: 8 }), maximum, (maxima, more) => {
        const [before, after] = [scoresOf(maxima), scoresOf([more, ...maxima])];
        for (const { severity, confidence, conclusive } of before) {
          const now = after.find((score) => score.severity === severity) ?? assert.fail();
          assert.ok(now.confidence >= confidence && (now.conclusive || !conclusive));
        }
        assert.ok(after.every(({ severity }, n) => severityRank(severity) === n));
        const figures = (of: readonly Maximum[]) =>
          scoresOf(of).map(({ severity, confidence }) => [severity, confidence]);
        assert.deepEqual(figures([...maxima, more]), figures([more, ...maxima]));
      }),
    );
  });
});
