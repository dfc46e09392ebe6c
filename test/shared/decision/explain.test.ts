import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { assess } from '../../../shared/decision/assess.ts';
import { explain } from '../../../shared/decision/explain.ts';
import type { Maximum } from '../../../shared/model/incident.ts';
import { ACT } from './fixtures.ts';

const max = (rule: string, over: Partial<Maximum> = {}): Maximum => ({
  rule,
  severity: 'high',
  confidence: 0.6,
  family: 'exec',
  conclusive: false,
  finding: 'f',
  ...over,
});
const said = (...maxima: Maximum[]): string[] => explain(ACT.matrix, maxima, assess(ACT.matrix, maxima));

describe('the explanation of a decision', () => {
  it('names the findings with their families, and how their confidence was computed', () => {
    const lines = said(
      max('a'),
      max('b', { family: 'spec', confidence: 0.5, severity: 'medium' }),
      max('c', { family: 'spec', confidence: 0.3 }),
    );
    assert.deepEqual(lines, [
      'seen: a high 0.60 (exec), c high 0.30 (spec), b medium 0.50 (spec)',
      'confidence 0.72 of high and above is 1 - (1 - 0.60) x (1 - 0.30), from the best finding of each family',
      'low and above with confidence 0.80 gives observe',
      'medium and above with confidence 0.80 gives snapshot',
      'at confidence 0.75 or more it would be quarantine in the matrix',
      'critical evidence with this confidence would be quarantine in the matrix',
    ]);
  });

  it('says which evidence would have raised the tier', () => {
    assert.ok(
      said(max('a', { confidence: 0.8 })).includes(
        'a second family of evidence, or something conclusive, would make it quarantine in the matrix',
      ),
    );
    assert.ok(
      said(max('a', { confidence: 0.8, conclusive: true })).includes(
        'critical evidence with this confidence would be isolate in the matrix',
      ),
    );
    assert.ok(
      said(max('a', { confidence: 0.6 })).includes('at confidence 0.75 or more it would be quarantine in the matrix'),
    );
  });

  it('names no higher tier if the tier is the highest', () => {
    const top = said(max('a', { severity: 'critical', confidence: 0.95, conclusive: true }));
    assert.deepEqual(
      top.filter((line) => line.includes('would')),
      [],
    );
    assert.deepEqual(said(), []);
  });

  it('counts the findings that it does not name', () => {
    const many = Array.from({ length: 12 }, (_, n) => max(`r-${n}`));
    assert.match(said(...many)[0] ?? '', /, and 4 more$/);
  });
});
