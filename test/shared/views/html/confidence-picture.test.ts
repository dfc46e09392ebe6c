import { strict as assert } from 'node:assert';
import { assess } from '../../../../shared/decision/assess.ts';
import { DEFAULT_POLICY } from '../../../../shared/decision/policy.ts';
import type { Maximum } from '../../../../shared/model/incident.ts';
import { confidencePicture } from '../../../../shared/views/html/confidence-picture.ts';
import { markupOf } from '../../../../shared/views/html/escape.ts';
import { matrixTable } from '../../../../shared/views/html/matrix-table.ts';
import { contained } from '../fixtures.ts';

const { matrix } = DEFAULT_POLICY;
const best = (family: Maximum['family'], confidence: number, over: Partial<Maximum> = {}): Maximum => ({
  rule: `rule-${family}`,
  severity: 'high',
  confidence,
  family,
  conclusive: false,
  finding: 'f',
  ...over,
});
const of = (...maxima: Maximum[]) => {
  const { summary } = contained();
  return contained({ summary: { ...summary, maxima } });
};

describe('the picture of confidence', () => {
  it('gives each family its share of the remaining doubt, and ends at the confidence of the decision', () => {
    const incident = of(best('cpu', 0.5), best('exec', 0.8), best('exec', 0.6, { rule: 'weaker' }));
    const text = markupOf(confidencePicture(incident, matrix));
    const shares = [...text.matchAll(/class="share share-\d" x="([\d.]+)%" y="0" width="([\d.]+)%"/g)].map(
      ([, x, width]) => [x, width],
    );
    const each = [
      ['0', '80'],
      ['80', '10'],
    ];
    assert.deepEqual(shares, [...each, ...each]);
    assert.match(text, /1 − \(1 − 0\.80\) × \(1 − 0\.50\) = <strong>0\.90</);
    assert.equal(assess(matrix, incident.summary.maxima).confidence, 0.9);
    assert.match(text, /rule-exec/);
    assert.doesNotMatch(text, /weaker/);
  });

  it('says that an operator asked if there is no finding', () => {
    assert.match(markupOf(confidencePicture(of(), matrix)), /an operator asked for this incident/);
  });
});

describe('the matrix', () => {
  it('marks the one cell of the incident', () => {
    const text = markupOf(matrixTable(of(best('exec', 0.8)), { matrix, policyHash: 'x' }));
    assert.equal([...text.matchAll(/aria-current/g)].length, 1);
    assert.match(text, /<td class="here" aria-current="true"><span class="tier t-quarantine">/);
  });

  it('says so if another policy decided', () => {
    const incident = contained();
    const hash = incident.decision?.policyHash ?? '';
    assert.match(markupOf(matrixTable(incident, { matrix, policyHash: 'another' })), /the policy has changed since/);
    assert.doesNotMatch(markupOf(matrixTable(incident, { matrix, policyHash: hash })), /has changed since/);
  });
});
