import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { capOf } from '../../../shared/decision/cap.ts';
import { decideTier } from '../../../shared/decision/decide-tier.ts';
import { judge } from '../../../shared/decision/judge.ts';
import { readPolicy } from '../../../shared/decision/policy.ts';
import type { Incident, Maximum } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { incidentOn, NOW, pod } from './fixtures.ts';

const max = (rule: string): Maximum => ({
  rule,
  severity: 'high',
  confidence: 0.9,
  family: 'exec',
  conclusive: true,
  finding: 'f',
});
const policy = (text: string) => readPolicy(`mode: act\n${text}`).policy;
const suppressing = (when: string, expires = '2026-03-02', more = '') =>
  policy(`suppressions:
  - { when: { ${when} }, owner: ana@example.com, reason: known noise, expires: ${expires}${more} }`);
const seen = (rules: string[], over: Partial<Incident> = {}): Incident =>
  incidentOn({ summary: { count: 1, maxima: rules.map(max), principals: [] }, ...over });
const decided = (rules: ReturnType<typeof policy>, incident: Incident) =>
  decideTier({ policy: rules, policyHash: 'h' }, incident, NOW);

describe('suppressions', () => {
  it('hold back an incident whose findings are all named noise, and name their owner', () => {
    const { verdict, tier, asked, because } = decided(suppressing('rule: noisy-*'), seen(['noisy-a', 'noisy-b']));
    assert.deepEqual([verdict, tier, asked], ['act', 'observe', undefined]);
    assert.ok(
      because.includes(
        'the suppression of ana@example.com (known noise) applies until 2026-03-03T00:00:00.000Z: observe at most',
      ),
    );
  });

  it('hold back nothing if there is another finding, or if another pod or place is meant', () => {
    assert.equal(decided(suppressing('rule: noisy-*'), seen(['noisy-a', 'exec-shell'])).tier, 'quarantine');
    const both = [pod({ labels: { app: 'batch' } }), pod({ uid: 'pod-2', labels: { app: 'cart' } })];
    assert.equal(decided(suppressing('labels: { app: batch }'), seen(['a'], { subjects: both })).tier, 'quarantine');
    assert.equal(
      decided(suppressing('namespace: shop'), seen(['a'], { subjects: [pod({ namespace: '' })] })).tier,
      'snapshot',
    );
    const away = seen(['a'], { subjects: [pod(), pod({ uid: 'pod-2', namespace: 'payments' })] });
    assert.equal(decided(suppressing('namespace: shop'), away).tier, 'quarantine');
    assert.equal(decided(suppressing('namespace: shop'), seen(['a'])).tier, 'observe');
  });

  it('hold back no pod for an owner that it may only claim, since whoever creates a pod writes its owners', () => {
    const batch = { apiVersion: 'x.example.com/v1', kind: 'Batch', name: 'noise', uid: 'b-1' };
    const ownersUnread = 'its Batch noise does not exist, so the chain of controllers ends there';
    const claims = seen(['a'], { subjects: [pod({ owners: [batch], ownersUnread })] });
    const reads = seen(['a'], { subjects: [pod({ owners: [batch] })] });
    for (const when of ['workload: Batch/noise', `cel: '"Batch/noise" in workloads'`]) {
      assert.equal(decided(suppressing(when), claims).tier, 'quarantine', when);
      assert.equal(decided(suppressing(when), reads).tier, 'observe', when);
    }
    const isRaised = policy(
      'overrides:\n  - { when: { workload: Batch/noise }, raise: isolate, because: it is exposed }',
    );
    assert.equal(decided(isRaised, claims).tier, 'isolate', 'what raises a tier believes the claim');
    const own = seen(['a'], { subjects: [pod({ ownersUnread: 'its Deployment may not be read' })] });
    assert.equal(decided(suppressing('workload: ReplicaSet/cart-5d'), own).tier, 'observe', 'what was read counts');
  });

  it('limit to their tier, and never raise to it', () => {
    assert.equal(decided(suppressing('rule: a', '2026-03-02', ', limit: snapshot'), seen(['a'])).tier, 'snapshot');
    const high = suppressing('rule: a', '2026-03-02', ', limit: delete-workload');
    assert.equal(decided(high, seen(['a'])).tier, 'quarantine');
    assert.ok(!decided(high, seen(['a'])).because.some((line) => line.includes('suppression')));
  });

  it('limit to the lowest tier of those that hold, in whichever order they are written', () => {
    const one = (limit: string) =>
      `  - { when: { rule: a }, owner: ana@example.com, reason: noise, expires: 2026-03-02, limit: ${limit} }`;
    for (const limits of [
      ['observe', 'snapshot'],
      ['snapshot', 'observe'],
    ])
      assert.equal(decided(policy(`suppressions:\n${limits.map(one).join('\n')}`), seen(['a'])).tier, 'observe');
  });

  it('do not hold once they have expired, and are then named as expired', () => {
    for (const expires of ['2026-03-01', '2026-03-02T03:00:00Z']) {
      const { tier, because } = decided(suppressing('rule: a', expires), seen(['a']));
      assert.equal(tier, 'quarantine');
      assert.ok(
        because.some((line) => /suppression of ana@example.com .* expired at 2026-03-02T0/.test(line)),
        expires,
      );
    }
    assert.equal(decided(suppressing('rule: a', '2026-03-02T03:00:00.001Z'), seen(['a'])).tier, 'observe');
  });

  it("apply when contain acts, but not against an operator's request", () => {
    const goal = { rev: 1, tier: 'quarantine', by: 'policy', mode: 'act', at: timeOf(NOW), requested: false } as const;
    const rules = suppressing('rule: a');
    const cap = capOf(rules, seen(['a'], { goal }), NOW);
    assert.equal(cap.tier, 'observe');
    assert.match(cap.because.join(), /known noise/);
    assert.equal(capOf(rules, seen(['a'], { goal: { ...goal, requested: true } }), NOW).tier, 'delete-host');
    assert.equal(capOf(rules, seen(['a'], { goal }), NOW + 86_400_000).tier, 'quarantine');
  });
});

describe('the additions of a policy', () => {
  const rules = policy(`stopFirst:
  - { when: { rule: burst }, because: it is being deleted }
options:
  - { when: { rule: burst }, add: [forensics, investigate], because: memory goes }`);

  it('set stopFirst and options once when their conditions hold, and give the reason', () => {
    const incident = seen(['burst']);
    const judged = judge(
      { policy: rules, policyHash: 'h' },
      { before: null, merged: incident, fresh: true, evidence: [] },
      NOW,
    );
    assert.equal(judged.goal?.stopFirst, true);
    assert.deepEqual(judged.goal?.options, { forensics: true, investigate: true });
    assert.match(judged.decision?.because.join('; ') ?? '', /memory goes; .*it is being deleted/);
    const again = judge(
      { policy: rules, policyHash: 'h' },
      { before: judged, merged: judged, fresh: false, evidence: [] },
      NOW,
    );
    assert.equal(again.goal?.rev, 1);
  });

  it('add nothing where their condition does not hold', () => {
    const both = { policy: rules, policyHash: 'h' };
    const { goal } = judge(both, { before: null, merged: seen(['a']), fresh: true, evidence: [] }, NOW);
    assert.deepEqual([goal?.tier, goal?.options, goal?.stopFirst], ['quarantine', undefined, undefined]);
  });

  it('raise the revision of a goal that was set without them', () => {
    const both = { policy: rules, policyHash: 'h' };
    const first = judge(both, { before: null, merged: seen(['a']), fresh: true, evidence: [] }, NOW);
    assert.equal(first.goal?.stopFirst, undefined);
    const merged = { ...first, summary: seen(['a', 'burst']).summary };
    const second = judge(both, { before: first, merged, fresh: true, evidence: [] }, NOW);
    assert.deepEqual([second.goal?.rev, second.goal?.stopFirst, second.goal?.tier], [2, true, 'quarantine']);
  });
});
