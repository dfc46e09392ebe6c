import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { assess } from '../../../shared/decision/confidence.ts';
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
  it('names the findings with their families, and how their confidence came about', () => {
    const lines = said(
      max('a'),
      max('b', { family: 'spec', confidence: 0.5, severity: 'medium' }),
      max('c', { family: 'spec', confidence: 0.3 }),
    );
    assert.deepEqual(
      lines,
      [
        'seen: a high 0.60 (exec), c high 0.30 (spec), b medium 0.50 (spec)',
        'confidence 0.72 for high and above comes from the surest finding of each family: 1 - (1 - 0.60) x (1 - 0.30)',
        'all evidence of severity low and above has confidence 0.80 together, which is observe in the matrix',
        'all evidence of severity medium and above has confidence 0.80 together, which is snapshot in the matrix',
        'with confidence 0.75 or more it would be quarantine',
        'critical evidence with this confidence would be quarantine',
      ].filter(() => true),
    );
  });

  it('says what would have raised it', () => {
    assert.ok(
      said(max('a', { confidence: 0.8 })).includes(
        'a second family of evidence, or something conclusive, would make it quarantine',
      ),
    );
    assert.ok(
      said(max('a', { confidence: 0.8, conclusive: true })).includes(
        'critical evidence with this confidence would be isolate',
      ),
    );
    assert.ok(said(max('a', { confidence: 0.6 })).includes('with confidence 0.75 or more it would be quarantine'));
  });

  it('promises nothing above the highest', () => {
    const top = said(max('a', { severity: 'critical', confidence: 0.95, conclusive: true }));
    assert.deepEqual(
      top.filter((line) => line.includes('would')),
      [],
    );
    assert.deepEqual(said(), []);
  });

  it('counts what it does not name', () => {
    const many = Array.from({ length: 12 }, (_, n) => max(`r-${n}`));
    assert.match(said(...many)[0] ?? '', /, and 4 more$/);
  });
});
