import { strict as assert } from 'node:assert';
import type { AuditEntryParts } from '../../../local/scenarios/audit-entry.ts';
import { cpuIncident } from '../../../local/scenarios/monitoring-incident.ts';
import { sccFinding } from '../../../local/scenarios/scc-finding.ts';
import { type RuleClaim, refusalOf } from '../../../shared/decision/claims.ts';
import { makeDetector, type Seen } from '../../../shared/detection/detector.ts';
import { evaluate } from '../../../shared/detection/evaluate.ts';
import { RULES } from '../../../shared/detection/registry.ts';
import { readRules } from '../../../shared/detection/rules-file.ts';
import { finding } from '../../../shared/model/finding.ts';
import { readPayload } from '../../../shared/sources/registry.ts';
import { traffic } from '../../bench/processes/traffic.ts';
import { NOW, signalOf, signalOfPayload } from '../../fixtures/signals.ts';
import { C1, threatOf } from '../../fixtures/threats.ts';

const EXEC: AuditEntryParts = {
  verb: 'create',
  resource: 'pods',
  subresource: 'exec',
  namespace: 'shop',
  name: 'cart-0',
  command: 'ls',
};
const rule = (when: string, reads = 'audit', severity = 'high'): string =>
  `rules:\n  - { id: mine, title: t, reads: ${reads}, when: "${when}", severity: ${severity}, confidence: 0.6, family: exec, because: it is ours }\n`;

const see = (file: string, parts: AuditEntryParts, now = NOW): Seen =>
  makeDetector(readRules(file)).see(signalOf(parts), now);
const rulesIn = ({ findings }: Seen): string[] => findings.map((one) => finding.strict().parse(one).rule);
const claimIn = ({ findings }: Seen, id: string): unknown[] =>
  findings.flatMap((one) => (one.rule === id ? [one.severity, one.confidence] : []));

describe('a detector with a file of rules', () => {
  it('gives the findings of the built-in rules if the file is empty', () => {
    assert.deepEqual(rulesIn(see('', EXEC)), ['exec-into-pod']);
  });

  it('gives the same findings as each rule alone, although it asks only the rules that the index finds', () => {
    const { see } = makeDetector();
    const seen = traffic(2000).flatMap((entry) => {
      const signal = signalOfPayload(JSON.parse(entry));
      const { findings } = see(signal, NOW);
      assert.deepEqual(
        findings,
        RULES.flatMap((rule) => evaluate(signal, NOW, [rule])),
      );
      return findings;
    });
    assert.ok(seen.length > 20, String(seen.length));
  });

  describe('with a custom rule', () => {
    it('fires the rule when its condition holds, with the target of the call, and not otherwise', () => {
      const file = rule("resource == 'core/pods/exec' && principal.like('ana@*') && network == 'public'");
      const [, mine] = see(file, EXEC).findings;
      assert.deepEqual(mine?.target, { ...C1, namespace: 'shop', pod: 'cart-0' });
      assert.deepEqual(
        [mine?.rule, mine?.severity, mine?.confidence, mine?.conclusive],
        ['mine', 'high', 0.6, undefined],
      );
      assert.equal(mine?.because[0], 'it is ours');
      assert.deepEqual(rulesIn(see(file, { ...EXEC, principal: 'ben@example.com' })), ['exec-into-pod']);
      assert.deepEqual(rulesIn(see(file, { ...EXEC, callerIp: '10.0.0.1' })), ['exec-into-pod']);
    });

    it('evaluates conditions on request bodies of any shape', () => {
      const file = rule("request.spec.containers.exists(c, c.image.like('*/evil:*'))");
      const write = { verb: 'create', resource: 'pods', namespace: 'shop' };
      const withImage = (image: unknown) => see(file, { ...write, request: { spec: { containers: [{ image }] } } });
      assert.deepEqual(rulesIn(withImage('a/evil:1')), ['mine']);
      for (const image of ['a/good:1', 7, null, { a: 1 }]) assert.deepEqual(rulesIn(withImage(image)), []);
      assert.deepEqual(rulesIn(see(file, write)), []);
    });

    it('evaluates an expensive condition on a hostile body in little time', function () {
      this.timeout(60_000);
      const file = rule('request.a.exists(x, request.a.exists(y, x == y + 1))');
      const request = { a: Array.from({ length: 100_000 }, () => 7) };
      // The list is cut at 500 elements. The whole list would take 10,000,000,000 comparisons and exceed the timeout.
      assert.deepEqual(rulesIn(see(file, { verb: 'create', resource: 'pods', request })), []);
    });

    it('evaluates the rule for each target of an alert, beside the other rules', () => {
      const detector = makeDetector(readRules(rule("ns == 'shop' && alert == 'Reverse Shell'", 'threat')));
      const pods = [
        { ns: 'shop', name: 'cart-0' },
        { ns: 'pay', name: 'till-0' },
      ];
      const found = detector.see(threatOf(sccFinding({ category: 'Reverse Shell', pods })), NOW).findings;
      assert.deepEqual(
        found.map((one) => [one.rule, one.target.pod]),
        [
          ['scc-reverse-shell', 'cart-0'],
          ['scc-reverse-shell', 'till-0'],
          ['mine', 'cart-0'],
        ],
      );
    });

    it('does not replace the catch-all rule for alerts', () => {
      const detector = makeDetector(readRules(rule('true', 'threat')));
      const found = detector.see(threatOf(sccFinding({ category: 'Something: New' })), NOW).findings;
      assert.deepEqual(
        found.map((one) => one.rule),
        ['scc-threat', 'mine'],
      );
    });

    it('evaluates the rule on CPU alerts', () => {
      const on = { kind: 'pod', namespace: 'shop', pod: 'cart-0', container: 'cart' } as const;
      const { signal } = readPayload(cpuIncident({ id: '0.a', cluster: C1, on, startedAt: NOW }), { now: NOW });
      assert.ok(signal);
      const detector = makeDetector(readRules(rule("ns == 'shop' && observed > 0.95", 'cpu')));
      assert.deepEqual(
        detector.see(signal, NOW).findings.map((one) => one.rule),
        ['sustained-high-cpu', 'mine'],
      );
    });
  });

  describe('with an allowance', () => {
    const allow = (what: string): string =>
      `allow:\n  - { ${what}, owner: ops@example.com, reason: debugging, expires: 2026-03-02 }\n`;

    it('does not publish a finding that it covers, and names who vouches for it', () => {
      const seen = see(allow('principal: ana@example.com, namespace: shop, rule: exec-into-pod'), EXEC);
      assert.deepEqual(seen.findings, []);
      assert.deepEqual(
        seen.allowed.map(({ finding: { rule: id }, because }) => [id, because]),
        [['exec-into-pod', 'ops@example.com vouches for it until 2026-03-02: debugging']],
      );
    });

    for (const what of [
      'principal: ben@example.com',
      'principal: ana@example.com, namespace: pay',
      'rule: exec-miner',
    ]) {
      it(`publishes a finding that is not covered: ${what}`, () =>
        assert.deepEqual(rulesIn(see(allow(what), EXEC)), ['exec-into-pod']));
    }

    it('publishes a finding without a principal if the allowance names one', () => {
      assert.deepEqual(rulesIn(see(allow("principal: '*'"), { ...EXEC, principal: null })), ['exec-into-pod']);
    });

    it('holds to the end of its last day and not longer', () => {
      const file = allow('rule: exec-into-pod');
      assert.deepEqual(rulesIn(see(file, EXEC, Date.parse('2026-03-02T23:59:59.999Z'))), []);
      assert.deepEqual(rulesIn(see(file, EXEC, Date.parse('2026-03-03T00:00:00.000Z'))), ['exec-into-pod']);
    });
  });

  describe('with an override', () => {
    const over = (what: string): string => `overrides:\n  exec-into-pod: { ${what} }\n`;
    it('replaces the severity and confidence of a full claim', () => {
      assert.deepEqual(claimIn(see(over('severity: high, confidence: 0.8'), EXEC), 'exec-into-pod'), ['high', 0.8]);
      assert.deepEqual(claimIn(see(over('severity: low'), EXEC), 'exec-into-pod'), ['low', 0.45]);
    });
    it('limits a lesser claim', () => {
      const refused = { ...EXEC, code: 7 };
      assert.deepEqual(claimIn(see(over('severity: high, confidence: 0.8'), refused), 'exec-into-pod'), ['low', 0.35]);
      assert.deepEqual(claimIn(see(over('confidence: 0.2'), refused), 'exec-into-pod'), ['low', 0.2]);
    });
    it('sets the most that decide accepts from the rule', () => {
      const detector = makeDetector(readRules(over('severity: high, confidence: 0.8')));
      const claims = new Map<string, RuleClaim>(detector.rules.map((one) => [one.id, one]));
      for (const found of detector.see(signalOf(EXEC), NOW).findings)
        assert.equal(refusalOf(found, claims, { sources: {} }), undefined);
    });
  });

  it('applies overrides to findings of rules that remember, too', () => {
    const detector = makeDetector(readRules('overrides:\n  first-exec-into-pod: { severity: low, confidence: 0.1 }\n'));
    assert.ok(detector.remembering(signalOf(EXEC)).some(({ id }) => id === 'first-exec-into-pod'));
    const [found] = makeDetector().see(signalOf(EXEC), NOW).findings;
    assert.ok(found);
    const told = { ...found, rule: 'first-exec-into-pod', confidence: 0.6 };
    assert.deepEqual(
      detector.settle([told], NOW).findings.map((one) => [one.severity, one.confidence]),
      [['low', 0.1]],
    );
  });
});
