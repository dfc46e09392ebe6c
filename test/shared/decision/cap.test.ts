import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { capOf, ungranted } from '../../../shared/decision/cap.ts';
import { readPolicy } from '../../../shared/decision/policy.ts';
import type { Goal } from '../../../shared/model/decision.ts';
import type { HaltRecord } from '../../../shared/model/records.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { ACT, incidentOn, NOW, pod } from './fixtures.ts';

const goal = (over: Partial<Goal> = {}): Goal => ({
  rev: 1,
  tier: 'delete-workload',
  by: 'policy',
  mode: 'act',
  at: timeOf(NOW),
  requested: false,
  ...over,
});
const halt: HaltRecord = {
  v: 1,
  rev: 1,
  writer: 'w',
  halted: true,
  at: timeOf(NOW),
  by: 'ana@example.com',
  reason: 'deploy',
};

describe('cap', () => {
  it('follows the modes for a goal of the policy, but not for a goal that an operator requested', () => {
    const wanted = incidentOn({ goal: goal() });
    assert.deepEqual(capOf(ACT, wanted, NOW), {
      tier: 'isolate',
      mode: 'act',
      because: ['delete-workload needs approval: at most isolate runs without it'],
    });
    assert.equal(capOf(ACT, incidentOn({ goal: goal({ requested: true }) }), NOW).tier, 'delete-host');
  });

  it('follows the policy in force at that moment', () => {
    const { policy } = readPolicy('mode: act\nmodes: { isolate: ask, quarantine: ask }');
    assert.equal(capOf(policy, incidentOn({ goal: goal({ tier: 'isolate' }) }), NOW).tier, 'snapshot');
  });

  it('is a dry run if the whole policy is one, whoever set the goal', () => {
    const cap = capOf({ ...ACT, mode: 'dry-run' }, incidentOn({ goal: goal({ requested: true }) }), NOW);
    assert.deepEqual([cap.mode, cap.because], ['dry-run', ['the whole policy is a dry run: nothing is changed']]);
  });

  it('is observe without a subject to act on', () => {
    const cap = capOf(ACT, incidentOn({ subjects: [], goal: goal({ requested: true }) }), NOW);
    assert.deepEqual([cap.tier, cap.because.length], ['observe', 1]);
  });

  it('is observe under a halt, except for a release requested after the halt', () => {
    assert.equal(capOf(ACT, incidentOn({ goal: goal({ requested: true }) }), NOW, halt).tier, 'observe');
    const release = (at: number) => incidentOn({ goal: goal({ tier: 'released', requested: true, at: timeOf(at) }) });
    assert.equal(capOf(ACT, release(NOW + 1), NOW, halt).tier, 'delete-host');
    assert.equal(capOf(ACT, release(NOW), NOW, halt).tier, 'observe');
    assert.equal(
      capOf(ACT, incidentOn({ goal: goal({ requested: true }) }), NOW, { ...halt, halted: false }).tier,
      'delete-host',
    );
  });

  it('is observe under a halt also for a goal set after the halt, unless that is a release', () => {
    for (const tier of ['isolate', 'closed'] as const) {
      const later = goal({ tier, requested: true, at: timeOf(NOW + 1) });
      assert.equal(capOf(ACT, incidentOn({ goal: later }), NOW, halt).tier, 'observe', tier);
    }
  });

  const policy = (protectedText: string) => readPolicy(`mode: act\nprotected: [${protectedText}]`).policy;
  const held = incidentOn({ goal: goal({ requested: true }) });
  const cases: Array<[string, string, string]> = [
    ['a namespace by its name', '{ namespace: shop, tier: snapshot }', 'snapshot'],
    ['a namespace by a pattern', '{ namespace: "s*p", tier: quarantine }', 'quarantine'],
    ['the lowest of what matches', '{ namespace: "*", tier: isolate }, { namespace: shop, tier: observe }', 'observe'],
    ['a workload by its name', '{ namespace: shop, workload: cart, tier: snapshot }', 'snapshot'],
    ['a workload by kind and name', '{ namespace: shop, workload: Deployment/c*, tier: snapshot }', 'snapshot'],
    ['a controller below the top', '{ namespace: shop, workload: ReplicaSet/cart-5d, tier: snapshot }', 'snapshot'],
    ['not another workload', '{ namespace: shop, workload: StatefulSet/cart, tier: snapshot }', 'delete-host'],
    ['not another namespace', '{ namespace: sho, tier: snapshot }', 'delete-host'],
  ];
  for (const [what, text, tier] of cases)
    it(`protects ${what}`, () => assert.equal(capOf(policy(text), held, NOW).tier, tier));

  it('protects a pod whose workload or namespace is unknown and may be protected', () => {
    const unread = pod({ owners: [], ownersUnread: 'its ReplicaSet cannot be read' });
    const incident = incidentOn({ goal: goal({ requested: true }), subjects: [unread] });
    assert.equal(
      capOf(policy('{ namespace: shop, workload: ledger, tier: snapshot }'), incident, NOW).tier,
      'snapshot',
    );
    const nowhere = incidentOn({ goal: goal({ requested: true }), subjects: [pod({ namespace: '' })] });
    assert.equal(capOf(policy('{ namespace: other, tier: observe }'), nowhere, NOW).tier, 'observe');
    assert.equal(capOf(policy(''), nowhere, NOW).tier, 'snapshot');
  });

  it('is at most isolate for a deletion that protection does not allow, so that nothing else is deleted instead', () => {
    const bound = (tier: Goal['tier'], limit: string, requested = true) =>
      capOf(policy(`{ namespace: shop, tier: ${limit} }`), incidentOn({ goal: goal({ tier, requested }) }), NOW).tier;
    assert.equal(bound('delete-host', 'delete-workload'), 'isolate');
    assert.equal(bound('delete-workload', 'redeploy'), 'isolate');
    assert.equal(bound('delete-workload', 'redeploy', false), 'isolate');
    assert.equal(bound('redeploy', 'redeploy'), 'redeploy');
    assert.equal(bound('isolate', 'redeploy'), 'redeploy');
    assert.equal(bound('delete-host', 'snapshot'), 'snapshot');
  });

  it('is what a suppression leaves of a goal of the policy, which it names, and not of a requested one', () => {
    const { policy: quiet } = readPolicy(
      'mode: act\nsuppressions: [{ when: { namespace: shop }, limit: quarantine, owner: ana, reason: a test, expires: 2100-01-01 }]',
    );
    const under = (tier: Goal['tier'], requested: boolean) =>
      capOf(quiet, incidentOn({ goal: goal({ tier, requested }) }), NOW);
    const { tier, because } = under('isolate', false);
    assert.deepEqual([tier, because.length], ['quarantine', 1]);
    assert.match(because[0] ?? '', /^the suppression of ana \(a test\) applies until .*: quarantine at most$/);
    assert.deepEqual(under('snapshot', false).because, [], 'not where it changes nothing');
    assert.deepEqual(under('isolate', true), { tier: 'delete-host', mode: 'act', because: [] });
  });

  it('allows a goal of the policy beyond the ladder if its mode is act', () => {
    const { policy: bold } = readPolicy('mode: act\nmodes: { delete-host: act }');
    const { tier, because } = capOf(bold, incidentOn({ goal: goal({ tier: 'delete-host' }) }), NOW);
    assert.deepEqual([tier, because], ['delete-host', []]);
  });

  it('follows the modes for subjects without a grant, whose tier the policy chose', () => {
    const beside = goal({ tier: 'delete-host', requested: true, otherwise: { tier: 'delete-workload' } });
    assert.equal(capOf(ACT, ungranted(incidentOn({ goal: beside })), NOW).tier, 'isolate');
    const alone = incidentOn({ goal: goal({ requested: true }) });
    assert.equal(ungranted(alone), alone);
  });

  it('protects all subjects as much as the most protected one', () => {
    const incident = incidentOn({
      goal: goal({ requested: true }),
      subjects: [pod(), pod({ uid: 'pod-2', namespace: 'kube-system' })],
    });
    assert.equal(capOf(ACT, incident, NOW).tier, 'snapshot');
  });
});
