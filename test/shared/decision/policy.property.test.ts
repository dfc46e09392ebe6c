import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { capOf } from '../../../shared/decision/cap.ts';
import { decideTier } from '../../../shared/decision/decide-tier.ts';
import { mergeFinding } from '../../../shared/decision/merge.ts';
import { type Policy, policy as schema } from '../../../shared/decision/policy.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { SEVERITIES, TIERS, type Tier, tierRank } from '../../../shared/model/ids.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { finding, incidentOn, NOW, pod } from './fixtures.ts';

const later = NOW + 60 * 60_000;
const RULES = ['a', 'b', 'c'] as const;
const NAMESPACES = ['shop', 'kube-system', 'gke-managed', 'payments'] as const;

const findings: fc.Arbitrary<Finding[]> = fc.uniqueArray(
  fc
    .record({
      rule: fc.constantFrom(...RULES),
      severity: fc.constantFrom(...SEVERITIES),
      confidence: fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
      conclusive: fc.boolean(),
      family: fc.constantFrom('exec', 'spec', 'cpu', 'network'),
      id: fc.integer({ min: 0, max: 1e6 }),
    })
    .map(({ id, ...rest }) => finding({ ...rest, id: `f-${id}` })),
  { selector: ({ id }) => id, minLength: 1, maxLength: 10 },
);

/**
 * Conditions that more evidence never makes false. Confidence is left out: it is that of the highest severity, so it
 * may fall when the severity rises.
 */
const rising = fc.oneof(
  fc.record({ rule: fc.constantFrom(...RULES) }),
  fc.record({ namespace: fc.constantFrom(...NAMESPACES) }),
  fc.record({ atLeast: fc.constantFrom(...TIERS) }),
  fc.record({
    cel: fc.constantFrom('severity >= HIGH', '"exec" in families', 'tier >= QUARANTINE'),
  }),
);
const overrides = fc.array(fc.record({ when: rising, raise: fc.constantFrom(...TIERS), because: fc.constant('y') }), {
  maxLength: 3,
});
const suppressions = fc.array(
  fc.record({
    when: fc.oneof(rising, fc.record({ cel: fc.constantFrom('confidence < 0.75', 'findings < 3', 'rules[9] == "a"') })),
    limit: fc.constantFrom(...TIERS),
    owner: fc.constant('ana@example.com'),
    reason: fc.constant('noise'),
    expires: fc.constantFrom('2026-03-01', '2026-03-02T04:00:00Z', '2026-12-31'),
  }),
  { minLength: 1, maxLength: 3 },
);
const modes = fc.record({ quarantine: fc.constantFrom('act', 'ask'), isolate: fc.constantFrom('act', 'ask') });
const policies = fc
  .record({ overrides, modes, mode: fc.constantFrom('act', 'dry-run') })
  .map((given): Policy => schema.parse(given));

const merged = (all: readonly Finding[], policy: Policy, namespace: string = 'shop'): Incident =>
  all.reduce(
    (i, f) => mergeFinding(i, { finding: f, subjects: [], notes: [], fresh: true, now: later }, policy),
    incidentOn({ subjects: [pod({ namespace })], target: { ...incidentOn().target, namespace } }),
  );
const decided = (policy: Policy, incident: Incident) => decideTier({ policy, policyHash: 'h' }, incident, later);
const highest = (policy: Policy, incident: Incident): Tier => {
  const { tier, asked } = decided(policy, incident);
  return asked?.tier ?? tier;
};
const notAbove = (a: Tier, b: Tier): void => assert.ok(tierRank(a) <= tierRank(b), `${a} is above ${b}`);

describe('the policy, for any overrides and suppressions', () => {
  it('never raises a tier by a suppression, in the decision or in the cap', () => {
    fc.assert(
      fc.property(findings, policies, suppressions, (all, policy, given) => {
        const quiet: Policy = { ...policy, suppressions: given };
        const incident = merged(all, policy);
        const [loud, hushed] = [decided(policy, incident), decided(quiet, incident)];
        notAbove(hushed.tier, loud.tier);
        notAbove(hushed.asked?.tier ?? hushed.tier, loud.asked?.tier ?? loud.tier);
        const goal = { rev: 1, tier: loud.tier, requested: false, by: 'policy', mode: 'act', at: timeOf(NOW) } as const;
        notAbove(capOf(quiet, { ...incident, goal }, later).tier, capOf(policy, { ...incident, goal }, later).tier);
      }),
    );
  });

  it('does not lower a tier that runs or is asked for, for more severity or confidence, whatever its overrides', () => {
    const by = fc.record({
      n: fc.nat(),
      severity: fc.constantFrom(...SEVERITIES),
      part: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(findings, policies, by, (all, policy, { n, severity, part }) => {
        const raised = all.map((f, at) => {
          if (at !== n % all.length) return f;
          const higher = SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(f.severity) ? severity : f.severity;
          return { ...f, severity: higher, confidence: f.confidence + ((1 - f.confidence) * part) / 20 };
        });
        const [before, after] = [merged(all, policy), merged(raised, policy)];
        notAbove(highest(policy, before), highest(policy, after));
        notAbove(decided(policy, before).tier, decided(policy, after).tier);
      }),
    );
  });

  it('never exceeds protection by an override, a suppression or a request', () => {
    const goals = fc.record({ tier: fc.constantFrom(...TIERS), requested: fc.boolean() });
    fc.assert(
      fc.property(findings, policies, suppressions, goals, (all, policy, given, { tier, requested }) => {
        const both: Policy = { ...policy, suppressions: given };
        const incident = merged(all, both, 'kube-system');
        notAbove(highest(both, incident), 'snapshot');
        const goal = { rev: 1, tier, requested, by: 'x', mode: 'act', at: timeOf(NOW) } as const;
        notAbove(capOf(both, { ...incident, goal }, later).tier, 'snapshot');
      }),
    );
  });

  it('gives the same decision, word for word, for any order of findings', () => {
    const shuffled = findings.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, policies, suppressions, ([all, other], policy, given) => {
        const both: Policy = { ...policy, suppressions: given };
        assert.deepEqual(decided(both, merged(other, both)), decided(both, merged(all, both)));
      }),
    );
  });
});
