import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { capOf } from '../../../shared/decision/cap.ts';
import { decideTier } from '../../../shared/decision/decide-tier.ts';
import { judge, sameJudgement } from '../../../shared/decision/judge.ts';
import { mergeFinding, taughtSomething } from '../../../shared/decision/merge.ts';
import type { Policy } from '../../../shared/decision/policy.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { LADDER, SEVERITIES, TIERS, type Tier, tierRank } from '../../../shared/model/ids.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import type { Subject } from '../../../shared/model/subject.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { ACT, finding, incidentOn, NOW, pod, RULES } from './fixtures.ts';

const RULE_FAMILY = { a: 'exec', b: 'spec', c: 'cpu', d: 'network' } as const;
const NAMESPACES = ['shop', 'kube-system', 'gke-managed', 'gmp-system', 'payments'];

const findings: fc.Arbitrary<Finding> = fc
  .record({
    rule: fc.constantFrom('a', 'b', 'c', 'd'),
    severity: fc.constantFrom(...SEVERITIES),
    confidence: fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
    conclusive: fc.boolean(),
    minute: fc.integer({ min: 0, max: 29 }),
    id: fc.integer({ min: 0, max: 1e6 }),
    pod: fc.constantFrom('cart-1', 'cart-2', 'cart-3'),
  })
  .map(({ rule, minute, id, pod: name, ...rest }) =>
    finding({
      ...rest,
      rule,
      family: Object.entries(RULE_FAMILY).find(([r]) => r === rule)?.[1] ?? 'exec',
      id: `f-${id}`,
      at: timeOf(NOW + minute * 60_000),
      target: { ...finding().target, pod: name },
    }),
  );
const distinct = fc.uniqueArray(findings, { selector: (f) => f.id, minLength: 1, maxLength: 12 });

const later = NOW + 60 * 60_000;
const subjectOf = (f: Finding): Subject => pod({ uid: String(f.target.pod), name: String(f.target.pod) });
const merged = (start: Incident, all: Finding[], policy: Policy = ACT): Incident =>
  all.reduce(
    (i, f) => mergeFinding(i, { finding: f, subjects: [subjectOf(f)], notes: [], fresh: true, now: later }, policy),
    start,
  );
const tierOf = (all: Finding[], policy: Policy = ACT): Tier => {
  const { tier, asked } = decideTier({ ...RULES, policy }, merged(incidentOn({ subjects: [] }), all, policy), later);
  return asked?.tier ?? tier;
};
const notBelow = (a: Tier, b: Tier): void => assert.ok(tierRank(a) >= tierRank(b), `${a} is below ${b}`);

const policies: fc.Arbitrary<Policy> = fc
  .record({
    modes: fc.record({
      snapshot: fc.constantFrom('act', 'ask'),
      quarantine: fc.constantFrom('act', 'ask'),
      isolate: fc.constantFrom('act', 'ask'),
      redeploy: fc.constantFrom('act', 'ask'),
      'delete-workload': fc.constantFrom('act', 'ask'),
      'delete-host': fc.constantFrom('act', 'ask'),
    }),
    raise: fc.constantFrom(...TIERS),
    mode: fc.constantFrom('act', 'dry-run'),
  })
  .map(({ modes, raise, mode }) => ({
    ...ACT,
    modes,
    mode,
    overrides: [...ACT.overrides, { when: { rule: 'a' }, raise, because: 'rule a' }],
  }));

describe('the decision, for any evidence', () => {
  it('does not fall when one more finding arrives', () => {
    fc.assert(
      fc.property(distinct, findings, policies, (all, more, policy) => {
        // A dry run asks for nothing, and only tiers of the ladder run while a tier asks. redeploy and delete-host are
        // not on the ladder.
        const isOffLadder = policy.overrides.some(({ raise }) => !LADDER.some((tier) => tier === raise));
        fc.pre(policy.mode === 'act' || !isOffLadder);
        notBelow(tierOf([...all, more], policy), tierOf(all, policy));
      }),
    );
  });

  it('does not fall when a finding becomes more severe or more confident', () => {
    fc.assert(
      fc.property(
        distinct,
        fc.nat(),
        fc.constantFrom(...SEVERITIES),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (all, n, severity, by) => {
          const place = n % all.length;
          const raised = all.map((f, at) => {
            if (at !== place) return f;
            const higher = SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(f.severity) ? severity : f.severity;
            return { ...f, severity: higher, confidence: f.confidence + (1 - f.confidence) * by };
          });
          notBelow(tierOf(raised), tierOf(all));
        },
      ),
    );
  });

  it('is the same for any order of findings', () => {
    const shuffled = distinct.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        const start = incidentOn({ subjects: [] });
        assert.deepEqual(merged(start, other), merged(start, all));
      }),
    );
  });

  it('does not change for a repeated finding, which gives no reason to write the incident', () => {
    fc.assert(
      fc.property(distinct, fc.nat(), (all, n) => {
        const before = judge(
          RULES,
          { before: null, merged: merged(incidentOn({ subjects: [] }), all), fresh: true, evidence: [] },
          later,
        );
        const again = all[n % all.length] ?? finding();
        const repeated = mergeFinding(
          before,
          { finding: again, subjects: [subjectOf(again)], notes: [], fresh: false, now: later },
          ACT,
        );
        assert.deepEqual(repeated, before);
        const after = judge(RULES, { before, merged: repeated, fresh: false, evidence: [] }, later + 1);
        assert.ok(!taughtSomething(before, after) && sameJudgement(before, after));
        assert.equal(after.outbox.length, before.outbox.length);
      }),
    );
  });

  it('never exceeds the protection of a namespace, whoever asks', () => {
    const goals = fc.option(fc.record({ tier: fc.constantFrom(...TIERS), requested: fc.boolean() }), { nil: null });
    fc.assert(
      fc.property(distinct, fc.constantFrom(...NAMESPACES), policies, goals, (all, namespace, policy, goal) => {
        const inside = all.map((f) => ({ ...f, target: { ...f.target, namespace } }));
        const start = incidentOn({
          subjects: [pod({ namespace })],
          target: { ...incidentOn().target, namespace },
          goal:
            goal === null
              ? null
              : {
                  rev: 1,
                  tier: goal.tier,
                  requested: goal.requested,
                  by: 'ana@example.com',
                  mode: 'act',
                  at: timeOf(NOW),
                },
        });
        const incident = inside.reduce(
          (i, f) => mergeFinding(i, { finding: f, subjects: [], notes: [], fresh: true, now: later }, policy),
          start,
        );
        const isProtected = !['shop', 'payments'].includes(namespace);
        const highest = isProtected ? 'snapshot' : 'delete-host';
        const decision = decideTier({ ...RULES, policy }, incident, later);
        notBelow(highest, decision.tier);
        notBelow(highest, decision.asked?.tier ?? 'observe');
        notBelow(highest, capOf(policy, incident, later).tier);
      }),
    );
  });

  it('runs nothing by itself that has to ask first, and caps contain at the same tier', () => {
    fc.assert(
      fc.property(distinct, policies, (all, policy) => {
        const incident = merged(incidentOn({ subjects: [] }), all, policy);
        const { tier, asked, verdict } = decideTier({ ...RULES, policy }, incident, later);
        assert.ok(tier === 'observe' || policy.modes[tier] === 'act', `${tier} runs although it asks first`);
        if (asked !== undefined) assert.ok(tierRank(asked.tier) > tierRank(tier));
        if (policy.mode === 'dry-run') assert.deepEqual([verdict, asked], ['dry-run', undefined]);
        const goal = { rev: 1, tier, requested: false, by: 'policy', mode: policy.mode, at: timeOf(NOW) };
        assert.equal(capOf(policy, { ...incident, goal }, later).tier, tier, 'contain may do what decide decided');
      }),
    );
  });
});
