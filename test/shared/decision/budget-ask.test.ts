import { strict as assert } from 'node:assert';
import { withBudgetAsk, withOpenAsk } from '../../../shared/decision/budget-ask.ts';
import type { Ask, Decision, Goal } from '../../../shared/model/decision.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { ACT, incidentOn, NOW } from './fixtures.ts';

const ask = (over: Partial<Ask> = {}): Ask => ({ tier: 'isolate', plan: 'old', until: timeOf(NOW + 60_000), ...over });

const decision = (asked?: Ask): Decision => ({
  verdict: 'act',
  tier: 'quarantine',
  because: ['seen'],
  policyHash: 'h',
  at: timeOf(NOW),
  ...(asked === undefined ? {} : { asked }),
});

const goal: Goal = { rev: 1, tier: 'quarantine', by: 'policy', mode: 'act', at: timeOf(NOW), requested: false };
const held = { because: 'the budget is used up', at: timeOf(NOW), budget: true as const };
const byAna = { by: 'ana@example.com', because: ['ana wants it'] };

/** The ask that a new decision ends with; `by the evidence`: the one that it came with. */
const keptOf = (open: Ask, evidence: Ask | undefined, before: Partial<Incident> = {}, now = NOW): string => {
  const incident = incidentOn({ goal, decision: decision(open), ...before });
  const { asked } = withOpenAsk(decision(evidence), incident, incident, now);
  if (asked === undefined) return 'nothing';
  const { tier, lifts, by, plan, replaces } = asked;
  const whose = plan === evidence?.plan ? 'by the evidence' : lifts === true ? 'lifts' : `by ${by}`;
  return [tier, whose, ...(replaces === undefined ? [] : [`replaces ${replaces.tier} by ${replaces.by}`])].join(' ');
};

describe('an open ask when a new decision comes', () => {
  const higher = ask({ tier: 'delete-workload', plan: 'new' });

  it('is kept while its budget holds the incident, also where the evidence asks for more', () => {
    const lifts = ask({ lifts: true });
    assert.equal(keptOf(lifts, undefined, { held }), 'isolate lifts');
    assert.equal(keptOf(lifts, higher, { held }), 'isolate lifts');
  });

  it('gives way to the evidence once no budget holds the incident, and when it has lapsed', () => {
    const lifts = ask({ lifts: true });
    assert.equal(keptOf(lifts, undefined), 'nothing');
    assert.equal(keptOf(lifts, higher), 'delete-workload by the evidence');
    assert.equal(keptOf(lifts, undefined, { held }, NOW + 60_000), 'nothing');
    assert.equal(keptOf(ask(byAna), undefined, {}, NOW + 60_000), 'nothing');
  });

  it('of an operator is replaced only by more than it is for, and named then', () => {
    assert.equal(keptOf(ask(byAna), undefined), 'isolate by ana@example.com');
    assert.equal(keptOf(ask(byAna), ask({ plan: 'new' })), 'isolate by ana@example.com');
    for (const before of [{}, { held }])
      assert.equal(
        keptOf(ask(byAna), higher, before),
        'delete-workload by the evidence replaces isolate by ana@example.com',
      );
  });

  it('of the evidence is asked anew, or no longer', () => {
    assert.equal(keptOf(ask(), undefined, { held }), 'nothing');
    assert.equal(keptOf(ask(), higher, { held }), 'delete-workload by the evidence');
  });

  it('of an operator says why, beside the evidence if there is any', () => {
    const before = incidentOn({ goal, decision: decision(ask(byAna)) });
    const reasons = (maxima: Incident['summary']['maxima']): string[] => {
      const merged = { ...before, summary: { ...before.summary, maxima } };
      return withOpenAsk(decision(), before, merged, NOW).because;
    };
    assert.deepEqual(reasons([]), ['ana wants it']);
    const most = { rule: 'r-1', severity: 'high', family: 'exec' } as const;
    const seen = { ...most, confidence: 0.9, conclusive: false, finding: 'f-1' };
    assert.deepEqual(reasons([seen]), ['seen', 'ana wants it']);
  });
});

describe('the ask to lift a budget', () => {
  const asked = (over: Partial<Incident>): Incident =>
    withBudgetAsk(incidentOn({ goal, held, decision: decision(), ...over }), ACT, NOW);

  it('says what holds the incident back, in the decision and in the notice that asks', () => {
    const { decision: made, outbox } = asked({});
    const why = /^the budget is used up: approving quarantine lifts the budgets/;
    assert.equal(made?.because[0], 'seen');
    assert.match(made?.because[1] ?? '', why);
    const [notice] = outbox;
    assert.match(notice?.lines.at(-1) ?? '', why);
    assert.deepEqual([notice?.kind, notice?.ask?.plan], ['ask', made?.asked?.plan]);
  });

  it('names every budget that holds something back, and what is asked for again afterwards', () => {
    const entry = (step: 'cordon-node' | 'leave-group' | 'quarantine-pod', because: string): Entry => ({
      ...{ step, subject: 'n-1', uid: step, state: 'held', proof: null, rev: 1, startedAt: held.at, because },
    });
    const journal = [
      entry('cordon-node', 'no node'),
      entry('leave-group', 'no node'),
      entry('quarantine-pod', 'no pod'),
    ];
    const { because = [] } = asked({ journal, decision: decision(ask({ tier: 'delete-workload' })) }).decision ?? {};
    assert.match(because[1] ?? '', /^no node; no pod: approving quarantine lifts the budgets/);
    assert.equal(because[2], 'delete-workload is asked for again once this is answered');
    const earlier = journal.map((e) => ({ ...e, rev: 0 }));
    assert.match(asked({ journal: earlier }).decision?.because[1] ?? '', /^the budget is used up: approving/);
    assert.equal(asked({ journal, decision: decision(ask(byAna)) }).decision?.because.length, 2);
  });

  it('comes again where an earlier one was answered, and not where nothing is held for a tier', () => {
    const answered = (ms: number): Pick<Incident, 'answered'> => ({
      answered: [{ tier: 'quarantine', plan: 'p', outcome: 'approved', by: 'ana', lifts: true, at: timeOf(NOW + ms) }],
    });
    assert.equal(asked(answered(-1)).outbox.length, 1);
    const others: Array<Partial<Incident>> = [
      answered(0),
      { goal: { ...goal, tier: 'released' } },
      { held: { because: 'a halt', at: timeOf(NOW) } },
      { decision: null },
    ];
    for (const over of others) assert.deepEqual(asked(over).outbox, [], JSON.stringify(over));
  });

  it('says that the plan keeps no evidence where that holds for the goal', () => {
    assert.equal(asked({}).decision?.asked?.stopFirst, undefined);
    const { decision: made, outbox } = asked({ goal: { ...goal, stopFirst: true } });
    assert.equal(made?.asked?.stopFirst, true);
    assert.match(outbox[0]?.title ?? '', /without keeping evidence/);
  });
});
