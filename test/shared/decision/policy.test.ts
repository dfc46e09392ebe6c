import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { DEFAULT_POLICY, readPolicy } from '../../../shared/decision/policy.ts';
import { Malformed } from '../../../shared/errors.ts';

const shipped = readFileSync(new URL('../../../config/policy.yaml', import.meta.url), 'utf8');

const refusal = (text: string): string => {
  try {
    readPolicy(text);
  } catch (thrown) {
    if (thrown instanceof Malformed) return thrown.message;
    throw thrown;
  }
  throw new Error('the policy was accepted');
};

describe('the policy', () => {
  it('is shipped with the default values, in mode act', () => {
    assert.deepEqual(readPolicy(shipped).policy, { ...DEFAULT_POLICY, mode: 'act' });
  });

  it('is a dry run if the file does not set a mode', () => {
    assert.deepEqual(readPolicy('').policy, DEFAULT_POLICY);
    assert.equal(DEFAULT_POLICY.mode, 'dry-run');
  });

  it('takes the given fields of a section and keeps the defaults of the others', () => {
    const { policy } = readPolicy('matrix:\n  high: [observe, observe, observe, snapshot]\n');
    assert.deepEqual(policy.matrix.high, ['observe', 'observe', 'observe', 'snapshot']);
    assert.deepEqual(policy.matrix.critical, DEFAULT_POLICY.matrix.critical);
  });

  it('has a hash of its values, not of its text', () => {
    const { hash } = readPolicy('mode: act\nminutes: { ask: 60 }\n');
    assert.equal(readPolicy('# again\nmode: "act"').hash, hash);
    assert.notEqual(readPolicy('mode: dry-run').hash, hash);
    assert.match(hash, /^[0-9a-f]{16}$/);
  });

  const wrong: Array<[string, string, RegExp]> = [
    ['a misspelt section', 'mode: act\nprotectd: []\n', /^policy, line 2: .*protectd/],
    [
      'a misspelt field deep in a list',
      'protected:\n  - namespace: a\n    teir: observe\n',
      /^policy, line 3: .*teir|^policy, line 2: .*tier/,
    ],
    [
      'a tier that is none',
      'matrix:\n  high: [observe, observe,\n    observe, nuke]\n',
      /^policy, line 3: matrix\.high\.3: /,
    ],
    [
      'a tier that no matrix may choose',
      'matrix:\n  high: [observe, observe, observe, delete-host]\n',
      /^policy, line 2: /,
    ],
    [
      'a row that falls',
      'mode: act\nmatrix:\n  high: [quarantine, observe, observe, observe]\n',
      /^policy, line 3: matrix\.high: .*must not fall/,
    ],
    ['a number that is text', 'minutes:\n  window: soon\n', /^policy, line 2: minutes\.window: /],
    [
      'an override that does nothing',
      'overrides:\n  - when: { rule: x }\n    because: y\n',
      /^policy, line 2: overrides\.0: give either/,
    ],
    [
      'an override without a condition',
      'overrides:\n  - when: {}\n    raise: isolate\n    because: y\n',
      /^policy, line 2: overrides\.0\.when: /,
    ],
    [
      'the limit of a source that there is none of',
      'mode: act\nsources:\n  falcon: { max: { severity: low } }\n',
      /^policy, line 3: sources\.falcon: .*security-command-center, falco/,
    ],
    [
      'a condition that names what there is not',
      'overrides:\n  - when:\n      cel: severty >= HIGH\n    raise: isolate\n    because: y\n',
      /^policy, line 3: overrides\.0\.when\.cel: not a condition in CEL: Unknown variable: severty/,
    ],
    [
      'a condition that compares what does not compare',
      'overrides:\n  - { when: { cel: \'severity == "high"\' }, raise: isolate, because: y }\n',
      /^policy, line 2: .*int == string/,
    ],
    [
      'a condition that is none',
      'stopFirst:\n  - { when: { cel: findings + 1 }, because: y }\n',
      /^policy, line 2: stopFirst\.0\.when\.cel: .*true or false/,
    ],
    [
      'a condition of several lines, with the line within it',
      'overrides:\n  - raise: isolate\n    because: y\n    when:\n      cel: |\n        severity >= HIGH &&\n        nope\n',
      /^policy, line 5: .*nope, line 2 of the condition/,
    ],
    [
      'a regular expression, which could take for ever',
      'overrides:\n  - { when: { cel: \'project.matches("(a+)+$")\' }, raise: isolate, because: y }\n',
      /^policy, line 2: .*matches is not offered/,
    ],
    [
      'a suppression that nobody owns',
      'suppressions:\n  - { when: { rule: x }, reason: y, expires: 2026-12-31 }\n',
      /^policy, line 2: suppressions\.0\.owner: /,
    ],
    [
      'a suppression that never ends',
      'suppressions:\n  - { when: { rule: x }, reason: y, owner: ana@example.com, expires: never }\n',
      /^policy, line 2: suppressions\.0\.expires: expected a day/,
    ],
    ['a budget of nothing', 'budgets:\n  minutes: 60\n  nodes: 0\n', /^policy, line 3: budgets\.nodes: /],
    ['an operator who is none', 'operators: { emails: [Ana] }\n', /^policy, line 1: operators\.emails\.0: /],
    ['an image by tag', 'forensics:\n  image: tools.example.com/debian:12\n', /^policy, line 2: .*by digest/],
    [
      'ranges of both IP versions',
      'investigation: { from: { ranges: [10.0.0.0/8, "fd00::/8"] } }\n',
      /^policy, line 1: investigation\.from/,
    ],
    [
      'a place for investigators that is neither a tag nor ranges',
      'investigation:\n  from: tag:bastion\n',
      /^policy, line 2: investigation\.from: expected either \{ tag: NAME \} or \{ ranges: /,
    ],
    [
      'a range that is none',
      'investigation:\n  from: { ranges: [office] }\n',
      /^policy, line 2: investigation\.from: expected either .* \{ ranges: \[10\.0\.0\.0\/8/,
    ],
    [
      'a range with bits beyond its prefix',
      'investigation:\n  from: { ranges: [203.0.113.0/28, 203.0.113.9/28] }\n',
      /^policy, line 2: investigation\.from.*: expected a range without bits beyond its prefix/,
    ],
    ['a key given twice', 'mode: act\nmode: dry-run\n', /^policy, line 2: .*unique/],
    ['text that is no YAML', 'mode: [act\nx', /^policy, line \d+: /],
    ['an alias without its anchor', 'mode: act\nminutes: *none\n', /^policy, line 2: .*none$/],
    ['a list where a policy should be', '- mode: act\n', /^policy, line 1: top level: /],
    [
      'a pattern of other characters',
      'protected:\n  - { namespace: "a b", tier: observe }\n',
      /^policy, line 2: protected\.0\.namespace: /,
    ],
  ];
  for (const [what, text, sentence] of wrong)
    it(`refuses ${what}, with its line`, () => assert.match(refusal(text), sentence));

  it('refuses a file whose aliases expand without end', () => {
    const bomb = `a: &a [x, x]\n${'bcdefgh'
      .split('')
      .map((name, n) => `${name}: &${name} [*${'abcdefg'[n]}, *${'abcdefg'[n]}, *${'abcdefg'[n]}]`)
      .join('\n')}\n`;
    assert.match(refusal(bomb), /^policy, line 2: /);
  });
});
