import { strict as assert } from 'node:assert';
import { type AdminEntryParts, adminEntry } from '../../../local/scenarios/admin-entry.ts';
import { refusalOf } from '../../../shared/decision/claims.ts';
import { evaluate } from '../../../shared/detection/evaluate.ts';
import { type Known, NOTHING_KNOWN } from '../../../shared/detection/known.ts';
import type { AuditRule } from '../../../shared/detection/rule.ts';
import { sinkFilter } from '../../../shared/detection/sink-filter.ts';
import { type Finding, finding } from '../../../shared/model/finding.ts';
import { NOW, signalOfPayload } from '../../fixtures/signals.ts';
import { isExported } from '../../kit/logging-filter.ts';

type Change = Partial<AdminEntryParts>;
type Claimed = Partial<Pick<Finding, 'severity' | 'confidence'>>;
type Cases = {
  fires: Array<[string, Change, Claimed?]>;
  misses: Array<[string, Change]>;
  /** What the rule knows of the deployment. */
  known?: Partial<Known>;
};

const findingBy = (rule: AuditRule, parts: AdminEntryParts, known: Partial<Known>): Finding | undefined => {
  const signal = signalOfPayload(adminEntry(parts));
  assert.equal(signal.source, 'admin-audit-log');
  const [found] = evaluate(signal, NOW, [rule], { ...NOTHING_KNOWN, ...known });
  return found === undefined ? undefined : finding.strict().parse(found);
};

/** A rule's true cases and near misses over calls to Google Cloud, and what holds for all such rules. */
export const adminCases = (rule: AuditRule, base: AdminEntryParts, { fires, misses, known = {} }: Cases): void => {
  const by = (change: Change): Finding | undefined => findingBy(rule, { ...base, ...change }, known);

  for (const [what, change, claimed = {}] of [['its true case', {}], ...fires] satisfies Cases['fires']) {
    it(`fires: ${what}`, () => {
      const found = by(change);
      assert.ok(found, `${rule.id} does not fire`);
      assert.ok(isExported(sinkFilter([rule]), adminEntry({ ...base, ...change })), `${rule.id} would never see it`);
      const { severity = rule.severity, confidence = rule.confidence } = claimed;
      assert.deepEqual([found.severity, found.confidence, found.conclusive], [severity, confidence, undefined]);
      assert.equal(refusalOf(found, new Map([[rule.id, rule]]), { sources: {} }), undefined);
      const { project, namespace, node, instance } = found.target;
      assert.deepEqual([project, namespace, node, instance], ['p1', undefined, undefined, undefined]);
    });
  }

  for (const [what, change] of misses) it(`does not fire: ${what}`, () => assert.equal(by(change), undefined));

  it('does not fire on the same call of another service', () =>
    assert.equal(by({ service: 'example.googleapis.com' }), undefined));

  it('does not fire on a call that failed', () => assert.equal(by({ code: 5, message: 'not found' }), undefined));

  it('has less confidence in a call that was refused', () => {
    const [whole, refused] = [by({}), by({ code: 7 })];
    assert.ok(whole && refused && refused.confidence < whole.confidence);
  });

  it('counts a long-running operation only once', () => {
    assert.ok(by({ operation: { id: 'o', first: true } }));
    assert.ok(by({ operation: { id: 'o', first: true, last: true } }));
    assert.equal(by({ operation: { id: 'o', last: true } }), undefined);
  });
};
