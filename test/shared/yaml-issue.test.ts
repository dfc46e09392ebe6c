import { strict as assert } from 'node:assert';
import { readPolicy } from '../../shared/decision/policy.ts';

describe('what is wrong with a file that people write', () => {
  const cases: ReadonlyArray<[text: string, sentence: string]> = [
    ['mode: atc', 'policy, line 1: mode: expected one of act, dry-run, not "atc"'],
    ['mode:', 'policy, line 1: mode: it is missing: expected one of act, dry-run'],
    ['- mode', 'policy, line 1: top level: expected a group of fields, not a list'],
    ['budgets:\n  nodes: many', 'policy, line 2: budgets.nodes: expected a number, not "many"'],
    ['budgets:\n  nodes: 0', 'policy, line 2: budgets.nodes: expected at least 1, not 0'],
    ['minutes: { window: 1.5 }', 'policy, line 1: minutes.window: expected a whole number, not 1.5'],
    ['matrix:\n  high: [observe]', 'policy, line 2: matrix.high: expected at least 4 entries'],
    [
      'overrides:\n  - raise: isolate\n    because: why',
      'policy, line 2: overrides.0.when: it is missing: expected a group of fields',
    ],
    [
      'budgets: { nods: 3 }',
      'policy, line 1: budgets: there is no field "nods": expected one of minutes, nodes, percent, nodesPerPrincipal, workloads',
    ],
    ['mode: act\nmode: act', 'policy, line 2: a field stands here twice: each must be unique'],
    ['mode: act\n---\nmode: act', 'policy, line 2: there is more than one document in it: keep one, without ---'],
  ];
  for (const [text, sentence] of cases) {
    it(`is said in words of its author: ${sentence.replace(/^policy, line \d: /, '')}`, () => {
      assert.throws(() => readPolicy(text), { message: sentence });
    });
  }

  it('names a field of another nesting by where it stands', () => {
    assert.throws(
      () => readPolicy('overrides: [{ when: { rules: x }, raise: isolate, because: y }]'),
      /overrides\.0\.when: there is no field "rules": expected one of project, cluster, namespace, workload, rule, labels/,
    );
  });
});
