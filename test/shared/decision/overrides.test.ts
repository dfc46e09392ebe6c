import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { decideTier } from '../../../shared/decision/decide-tier.ts';
import { matchesGlob } from '../../../shared/decision/glob.ts';
import { readPolicy } from '../../../shared/decision/policy.ts';
import type { Maximum } from '../../../shared/model/incident.ts';
import type { PodSubject } from '../../../shared/model/subject.ts';
import { incidentOn, NOW, pod } from './fixtures.ts';

const max = (rule: string): Maximum => ({
  rule,
  severity: 'high',
  confidence: 0.9,
  family: 'exec',
  conclusive: true,
  finding: 'f',
});
/** The decision under one override, on evidence that is worth quarantine. */
const decide = (override: string, over: Partial<PodSubject> = {}, rules = ['exec-shell'], modes = '') => {
  const { policy, hash } = readPolicy(`mode: act\n${modes}\noverrides:\n  - { ${override}, because: why }`);
  const incident = incidentOn({ subjects: [pod(over)], summary: { count: 1, maxima: rules.map(max), principals: [] } });
  const { verdict, tier, asked } = decideTier({ policy, policyHash: hash }, incident, NOW);
  return [verdict, tier, asked?.tier];
};
const RAISED = ['act', 'isolate', undefined];
const AS_IT_WAS = ['act', 'quarantine', undefined];

describe('overrides', () => {
  const conditions: Array<[string, Partial<PodSubject>, Partial<PodSubject>]> = [
    ['namespace: sh*', {}, { namespace: 'payments' }],
    ['workload: Deployment/cart', {}, { owners: [] }],
    ['labels: { tier: "front*" }', { labels: { tier: 'frontend' } }, { labels: { tier: 'back' } }],
    ['hostReach: true', { hostReach: true }, {}],
    ['hostReach: false', {}, { hostReach: true }],
  ];
  for (const [when, yes, no] of conditions)
    it(`hold by ${when}`, () => {
      assert.deepEqual(decide(`when: { ${when} }, raise: isolate`, yes), RAISED);
      assert.deepEqual(decide(`when: { ${when} }, raise: isolate`, no), AS_IT_WAS);
    });

  it('match project, cluster and rule, exactly or by pattern, and only if every condition does', () => {
    for (const when of ['project: p1', 'cluster: "c*"', 'rule: exec-*', 'project: p1, rule: exec-shell'])
      assert.deepEqual(decide(`when: { ${when} }, raise: isolate`), RAISED, when);
    for (const when of ['project: p', 'cluster: c2', 'rule: exec', 'project: p1, rule: spec-*'])
      assert.deepEqual(decide(`when: { ${when} }, raise: isolate`), AS_IT_WAS, when);
  });

  it('match from a tier of the matrix upwards', () => {
    assert.deepEqual(decide('when: { atLeast: quarantine }, raise: isolate'), RAISED);
    assert.deepEqual(decide('when: { atLeast: isolate }, raise: isolate'), AS_IT_WAS);
  });

  it('limit by rule only if every finding has such a rule', () => {
    assert.deepEqual(decide('when: { rule: noisy-* }, limit: snapshot', {}, ['noisy-a', 'noisy-b']), [
      'act',
      'snapshot',
      undefined,
    ]);
    assert.deepEqual(decide('when: { rule: noisy-* }, limit: snapshot', {}, ['noisy-a', 'exec-shell']), AS_IT_WAS);
  });

  it('ask for a tier that asks first, and run nothing above the matrix meanwhile', () => {
    assert.deepEqual(decide('when: { rule: exec-* }, raise: delete-host'), ['act', 'quarantine', 'delete-host']);
    assert.deepEqual(decide('when: { rule: exec-* }, raise: redeploy'), ['act', 'quarantine', 'redeploy']);
    assert.deepEqual(decide('when: { rule: exec-* }, raise: redeploy', {}, ['exec-a'], 'modes: { redeploy: act }'), [
      'act',
      'redeploy',
      undefined,
    ]);
  });

  it('match patterns in linear time', () => {
    const cases: Array<[string, string, boolean]> = [
      ['*', '', true],
      ['a*', 'a', true],
      ['a*a', 'a', false],
      ['*b*', 'abc', true],
      ['a*b*c', 'a-b-b-c', true],
      ['a*b*c', 'a-c-b', false],
      ['a*b*b*', 'ab', false],
      ['a*bc*c', 'abc', false],
      ['a*bc*d', 'abcd', true],
      ['*-system', 'x-systems', false],
      ['kube-*', 'a-kube-system', false],
      ['kube-*', 'kube-system', true],
      ['kube', 'kube-system', false],
    ];
    for (const [glob, name, expected] of cases) assert.equal(matchesGlob(glob, name), expected, `${glob} on ${name}`);
    assert.equal(matchesGlob('*a'.repeat(30), 'a'.repeat(250)), true);
    assert.equal(matchesGlob(`${'*a'.repeat(30)}b`, 'a'.repeat(250)), false);
  });
});
