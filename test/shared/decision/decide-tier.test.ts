import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { decideTier, planHashOf } from '../../../shared/decision/decide-tier.ts';
import { readPolicy } from '../../../shared/decision/policy.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { ACT, incidentOn, NOW, pod, RULES } from './fixtures.ts';

const goal = (stopFirst: boolean): Incident['goal'] => ({
  ...{ rev: 1, tier: 'quarantine', by: 'policy', mode: 'act', at: timeOf(NOW), requested: false },
  ...(stopFirst ? { stopFirst } : {}),
});

describe('the hash of the plan that an approval is for', () => {
  const one = incidentOn();

  it('differs for another tier, target, subject, order of steps or addition', () => {
    const { target } = one;
    const plans = [
      planHashOf('isolate', one),
      planHashOf('delete-workload', one),
      planHashOf('isolate', incidentOn({ target: { ...target, uid: 'pod-1' } })),
      planHashOf('isolate', incidentOn({ target: { ...target, uid: 'pod-2' } })),
      planHashOf('isolate', incidentOn({ subjects: [pod(), pod({ uid: 'pod-2' })] })),
      planHashOf('isolate', incidentOn({ subjects: [pod({ hostReach: true })] })),
      planHashOf('isolate', one, { stopFirst: true }),
      planHashOf('isolate', one, { options: { forensics: true } }),
      planHashOf('isolate', one, { lifts: true }),
    ];
    assert.equal(new Set(plans).size, plans.length);
  });

  it('does not depend on the order of subjects, on progress, or on empty additions', () => {
    const plan = planHashOf('isolate', incidentOn({ subjects: [pod(), pod({ uid: 'pod-2' })] }));
    assert.equal(planHashOf('isolate', incidentOn({ subjects: [pod({ uid: 'pod-2' }), pod()] })), plan);
    assert.equal(planHashOf('isolate', { ...one, run: { rev: 3 }, state: 'contained' }), planHashOf('isolate', one));
    assert.equal(planHashOf('isolate', one, { options: {} }), planHashOf('isolate', one));
    assert.equal(planHashOf('isolate', { ...one, goal: goal(false) }), planHashOf('isolate', one));
  });

  it('stays what it was when evidence of nodes was added, so that no open ask lapsed', () => {
    const host = { id: '7', node: 'n1', nodeUid: 'node-1' };
    const target = { project: 'p1', location: 'europe-west1', cluster: 'c1', node: 'n1', uid: '7' };
    const bare = incidentOn({ target, subjects: [{ kind: 'node', uid: '7', host, addedAt: timeOf(NOW) }] });
    assert.deepEqual(
      (['snapshot', 'isolate', 'delete-host'] as const).map((tier) => planHashOf(tier, bare)),
      ['692f6673bf5c52fe', '22b8fe740abe8e3c', 'e8adb284df36c0b7'],
    );
  });

  it('includes stopFirst if the running goal has it', () => {
    const plan = planHashOf('isolate', one, { stopFirst: true });
    assert.equal(planHashOf('isolate', { ...one, goal: goal(true) }), plan);
  });
});

describe('the tier that runs by itself', () => {
  const maximum = (over: object = {}): Incident['summary']['maxima'][number] => ({
    ...{ rule: 'exec-miner', severity: 'high', confidence: 0.95, family: 'exec', conclusive: true, finding: 'f-1' },
    ...over,
  });
  const seen = (over: Partial<Incident> = {}, ...maxima: Incident['summary']['maxima']) => {
    const incident = incidentOn(over);
    return decideTier(RULES, { ...incident, summary: { ...incident.summary, maxima } }, NOW);
  };

  it('is none until the end of a cooldown, and the usual one afterwards', () => {
    const at = (ms: number) => seen({ cooldownUntil: timeOf(NOW + ms) }, maximum());
    const { verdict, tier, asked } = at(1);
    assert.deepEqual([verdict, tier, asked?.tier], ['ask', 'observe', 'quarantine']);
    for (const over of [at(0), at(-1), seen({}, maximum())])
      assert.deepEqual([over.verdict, over.tier, over.asked], ['act', 'quarantine', undefined]);
  });

  it('is none after a cooldown either for what was seen before the release', () => {
    const after = (ms: number) => {
      const { summary } = incidentOn();
      const lastAt = timeOf(NOW - ACT.minutes.cooldown * 60_000 + ms);
      const seenAt = { ...summary, maxima: [maximum()], lastAt };
      return decideTier(RULES, incidentOn({ cooldownUntil: timeOf(NOW), summary: seenAt }), NOW).verdict;
    };
    assert.deepEqual([-1, 0, 1].map(after), ['ask', 'act', 'act']);
  });

  it('follows live evidence, while replayed evidence leads to an ask at most', () => {
    const replayed = maximum({ rule: 'cpu', severity: 'critical', replayed: true });
    const { tier, asked } = seen({}, maximum({ confidence: 0.6 }), replayed);
    assert.deepEqual([tier, asked?.tier], ['snapshot', 'delete-workload']);
    const alone = seen({}, replayed);
    assert.deepEqual([alone.verdict, alone.tier], ['ask', 'observe']);
  });

  it('is asked for, in a cooldown, until the ask lapses', () => {
    const { asked } = seen({ cooldownUntil: timeOf(NOW + 1) }, maximum());
    assert.equal(asked?.until, timeOf(NOW + 60 * 60_000));
  });

  it('is raised by an override also where another, before or after it, raises what is asked for', () => {
    const raise = (tier: string) => `{ when: { namespace: shop }, raise: ${tier}, because: to ${tier} }`;
    const by = (first: string, second: string) => {
      const { policy } = readPolicy(`mode: act\noverrides: [${raise(first)}, ${raise(second)}]`);
      const one = incidentOn({ summary: { count: 1, maxima: [maximum()], principals: [] } });
      const { tier, asked, because } = decideTier({ policy, policyHash: 'h' }, one, NOW);
      return [tier, asked?.tier, ...because.filter((line) => line.includes(': to '))];
    };
    const both = ['isolate: to isolate', 'delete-host: to delete-host'];
    assert.deepEqual(by('isolate', 'delete-host'), ['isolate', 'delete-host', ...both]);
    assert.deepEqual(by('delete-host', 'isolate'), ['isolate', 'delete-host', ...both.toReversed()]);
    assert.deepEqual(by('delete-host', 'snapshot'), ['quarantine', 'delete-host', ...both.slice(1)]);
  });

  const LIMITS = {
    protection: 'protected: [{ namespace: shop, tier: TIER }]',
    override: 'overrides: [{ when: { namespace: shop }, limit: TIER, because: so it is }]',
    suppression:
      'suppressions: [{ when: { namespace: shop }, limit: TIER, owner: ana, reason: a test, expires: 2100-01-01 }]',
  };
  for (const [what, text] of Object.entries(LIMITS))
    it(`is no other deletion because of a limit by ${what}`, () => {
      const limited = (limit: string, more = '') => {
        const modes = 'modes: { redeploy: act, delete-workload: act, delete-host: act }';
        const { policy } = readPolicy(`mode: act\n${modes}\n${text.replace('TIER', limit)}\n${more}`);
        const miner = maximum({ severity: 'critical' });
        const { tier, asked } = decideTier(
          { policy, policyHash: 'h' },
          incidentOn({ summary: { count: 1, maxima: [miner], principals: [] } }),
          NOW,
        );
        return [tier, asked?.tier];
      };
      assert.deepEqual(limited('delete-workload'), ['delete-workload', undefined]);
      assert.deepEqual(limited('redeploy'), ['isolate', undefined]);
      assert.deepEqual(limited('quarantine'), ['quarantine', undefined]);
    });

  it('is what the matrix chose if a limit does not allow a deletion to which an override raises', () => {
    const limited = (limit: string, severity: 'high' | 'critical') => {
      const { policy } = readPolicy(
        `mode: act\nprotected: [{ namespace: shop, tier: ${limit} }]\noverrides: [{ when: { namespace: shop }, raise: delete-host, because: so it is }]`,
      );
      const { tier, asked } = decideTier(
        { policy, policyHash: 'h' },
        incidentOn({ summary: { count: 1, maxima: [maximum({ severity })], principals: [] } }),
        NOW,
      );
      return [tier, asked?.tier];
    };
    assert.deepEqual(limited('delete-workload', 'critical'), ['isolate', 'delete-workload']);
    assert.deepEqual(limited('delete-workload', 'high'), ['quarantine', 'isolate']);
    assert.deepEqual(limited('delete-host', 'high'), ['quarantine', 'delete-host']);
  });
});
