import { strict as assert } from 'node:assert';
import { type RuleClaim, refusalOf } from '../../../shared/decision/claims.ts';
import { RULES } from '../../../shared/detection/registry.ts';
import type { Finding } from '../../../shared/model/finding.ts';

const rules: ReadonlyMap<string, RuleClaim> = new Map(RULES.map((rule) => [rule.id, rule]));

const ofFalco: Finding = {
  v: 1,
  id: 'f-1',
  rule: 'falco-reverse-shell',
  severity: 'medium',
  confidence: 0.5,
  because: ['a shell was connected to the network'],
  target: { project: 'p1', location: 'europe-west1', cluster: 'c1', namespace: 'shop', pod: 'cart' },
  at: '2026-03-02T03:00:00.000Z',
  source: 'falco',
  family: rules.get('falco-reverse-shell')?.family ?? 'exec',
};

describe('decision/claims', () => {
  const policy = { sources: { falco: { max: { severity: 'low' as const } } } };

  it('refuses a finding above what its source may claim', () => {
    assert.equal(refusalOf(ofFalco, rules, { sources: {} }), undefined);
    assert.match(
      refusalOf(ofFalco, rules, policy) ?? '',
      /severity medium is above the low that source falco may claim/,
    );
  });

  it('refuses a finding that names another source than that of its rule, to get around its limit', () => {
    for (const source of ['security-command-center', 'nobody-knows'])
      assert.equal(
        refusalOf({ ...ofFalco, source }, rules, policy),
        `rule falco-reverse-shell reads nothing of source ${source}`,
      );
  });
});
