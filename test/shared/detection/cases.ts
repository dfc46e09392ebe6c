import { strict as assert } from 'node:assert';
import { type AuditEntryParts, auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { refusalOf } from '../../../shared/decision/claims.ts';
import type { AuditRule } from '../../../shared/detection/rule.ts';
import { sinkFilter } from '../../../shared/detection/sink-filter.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { findingBy, firedBy } from '../../fixtures/signals.ts';
import { isExported } from '../../kit/logging-filter.ts';

type Expected = Partial<Pick<Finding, 'severity' | 'confidence' | 'conclusive' | 'target'>>;

/** An exec of this command in a pod of the shop. */
export const execOfCart = (command: string) => ({
  verb: 'create',
  resource: 'pods',
  subresource: 'exec',
  namespace: 'shop',
  name: 'cart-0',
  command,
});

const TRIED = /\btried to\b|\bwas not allowed to\b|\brefused\b/;
/** Rules whose first sentence is as true of a call that was refused: it is about what was asked, or reported. */
const SAY_THE_SAME = [
  'attack-tool-user-agent',
  'exec-reverse-shell',
  'own-rights-asked',
  'static-pod',
  'token-requested',
];

/** Asserts that a finding, if there is one, tells a call that was refused as tried, and one that was made as made. */
const tells = (rule: AuditRule, parts: AuditEntryParts, isRefused: boolean): void => {
  const found = findingBy(rule, { ...parts, code: isRefused ? 7 : 0 });
  if (found === undefined) return;
  const [first = ''] = found.because;
  assert.equal(TRIED.test(first), isRefused && !SAY_THE_SAME.includes(rule.id), found.because.join('; '));
};

/**
 * A rule's true case, more true cases and near misses. Each one is the true case with the given parts changed. A case
 * that fires has the severity and confidence of the rule, unless it names others.
 */
export const ruleCases = (
  rule: AuditRule,
  base: AuditEntryParts,
  cases: {
    fires: Array<[string, Partial<AuditEntryParts>, Expected?]>;
    misses: Array<[string, Partial<AuditEntryParts>]>;
  },
): void => {
  const filter = sinkFilter([rule], { lists: true });
  const exported = (parts: AuditEntryParts): void =>
    assert.ok(isExported(filter, auditEntry(parts)), `${rule.id} would never see it: ${filter}`);

  it('fires on its true case', () => {
    assert.equal(firedBy(rule, base).rule, rule.id);
    exported(base);
  });

  it('tells what was done as done, and what was refused as tried', () => {
    for (const change of [{}, ...cases.fires.map(([, change]) => change)])
      for (const isRefused of [false, true]) tells(rule, { ...base, ...change }, isRefused);
  });

  for (const [what, change, expected] of cases.fires) {
    it(`fires: ${what}`, () => {
      const found = firedBy(rule, { ...base, ...change });
      exported({ ...base, ...change });
      const { severity = rule.severity, confidence = rule.confidence, conclusive, target } = expected ?? {};
      assert.equal(found.severity, severity);
      assert.equal(found.confidence, confidence);
      assert.equal(found.family, rule.family);
      assert.equal(refusalOf(found, new Map([[rule.id, rule]]), { sources: {} }), undefined);
      assert.equal(found.conclusive ?? false, conclusive ?? rule.conclusive ?? false);
      if (target !== undefined) assert.deepEqual(found.target, target);
    });
  }

  for (const [what, change] of cases.misses) {
    it(`does not fire: ${what}`, () => assert.equal(findingBy(rule, { ...base, ...change }), undefined));
  }
};
