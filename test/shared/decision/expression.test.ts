import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { factsOf } from '../../../shared/decision/conditions.ts';
import { evaluateCondition, problemOf } from '../../../shared/decision/expression.ts';
import { incidentOn, pod } from './fixtures.ts';

const incident = incidentOn({
  severity: 'high',
  confidence: 0.9,
  subjects: [pod({ hostReach: true })],
  summary: {
    count: 3,
    maxima: [{ rule: 'r-1', severity: 'high', confidence: 0.9, family: 'exec', conclusive: true, finding: 'f' }],
    principals: ['eve@example.com'],
  },
});
const facts = factsOf({ incident, tier: 'isolate' }, 'some');

describe('conditions in CEL', () => {
  const hold = [
    'severity >= HIGH && severity < CRITICAL',
    'tier == ISOLATE && tier < DELETE_WORKLOAD',
    'confidence >= 0.9',
    'confidence < 1.0 && findings > 2',
    'conclusive && hostReach',
    '"exec" in families && !("cpu" in families)',
    'rules.exists(r, r.startsWith("r-"))',
    'principals.all(p, p.endsWith("@example.com"))',
    'project == "p1" && location == "europe-west1" && cluster == "c1"',
    'namespaces == ["shop"] && "Deployment/cart" in workloads',
    'pods == 1 && nodes == 1',
  ];
  for (const text of hold)
    it(`${text} holds`, () => {
      assert.equal(problemOf(text), undefined);
      assert.deepEqual(evaluateCondition(text, facts), { holds: true });
    });

  it('do not hold if they cannot be evaluated, and say why', () => {
    assert.equal(problemOf('rules[7] == "x"'), undefined);
    const { holds, problem } = evaluateCondition('rules[7] == "x"', facts);
    assert.equal(holds, false);
    assert.match(problem ?? '', /index 7/);
  });

  it('have no clock, and no names but the given facts', () => {
    for (const text of ['now()', 'process', 'constructor', '__proto__ == 1', 'this.x'])
      assert.match(problemOf(text) ?? '', /not a condition/, text);
  });

  it('are refused if they are too deep, too long, or use a regular expression', () => {
    assert.match(problemOf(`${'('.repeat(60)}true${')'.repeat(60)}`) ?? '', /not a condition/);
    assert.match(problemOf(Array.from({ length: 400 }, () => 'hostReach').join(' || ')) ?? '', /not a condition/);
    assert.match(problemOf('project.matches("(a+)+$")') ?? '', /matches is not offered/);
    assert.match(problemOf('rules.exists(r, r.matches("(a+)+$"))') ?? '', /matches is not offered/);
  });
});
