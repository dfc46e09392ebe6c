import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { noRules, readRules } from '../../../shared/detection/rules-file.ts';
import { Malformed } from '../../../shared/errors.ts';

const RULE = `
rules:
  - id: mine
    title: t
    reads: audit
    when: verb == 'create'
    severity: high
    confidence: 0.6
    family: exec
    because: b
`;

const refusal = (text: string): string => {
  try {
    readRules(text);
  } catch (thrown) {
    assert.ok(thrown instanceof Malformed);
    return thrown.message;
  }
  return assert.fail('it was read');
};

describe('the file of rules', () => {
  const shipped = readFileSync(new URL('../../../config/rules.yaml', import.meta.url), 'utf8');

  it('is read as empty as shipped, and if it is empty', () => {
    assert.deepEqual(readRules(shipped), noRules());
    assert.deepEqual(readRules(''), noRules());
  });

  it('contains valid examples', () => {
    const told = shipped
      .replace(/^(domains|lists|rules|allow): \[\]$/gm, '$1:')
      .replace(/^overrides: \{\}$/m, 'overrides:')
      // Prose has another indentation.
      .replace(/^# {2}(?=- | {2}|[a-z-]+: )/gm, '  ');
    const { domains, lists, rules, allow, overrides } = readRules(told);
    assert.deepEqual(
      [domains.length, lists.length, rules.length, allow.length, Object.keys(overrides).length],
      [1, 1, 1, 1, 1],
    );
  });

  it('may have a rule about the lists that there are, or about none', () => {
    const lists = 'lists:\n  - name: tor\n    addresses: []\n';
    for (const when of ["listed == 'tor'", "listed == ''", "listed in ['tor', '']"])
      assert.equal(readRules(RULE.replace("verb == 'create'", when) + lists).rules.length, 1);
  });

  it('may have a rule about what an entry does not tell', () => {
    for (const when of ["network == ''", "outcome != 'ok' && principalClass in ['human', 'anonymous']"])
      assert.equal(readRules(RULE.replace("verb == 'create'", when)).rules.length, 1);
    const threat = RULE.replace('audit', 'threat').replace("verb == 'create'", "severity in ['', 'critical']");
    assert.equal(readRules(threat).rules.length, 1);
  });

  const wrong: Array<[string, string, RegExp]> = [
    ...(
      [
        ['audit', "verb == 'create' && outcome == 'refused'", 'outcome', 'refused', 'ok, denied, failed'],
        ['audit', "network == 'internal'", 'network', 'internal', 'private, public'],
        [
          'audit',
          "outcome == 'ok' && !(principalClass in ['human', 'robot'])",
          'principalClass',
          'robot',
          'system, .*',
        ],
        ['threat', "severity == 'HIGH'", 'severity', 'HIGH', 'low, .*critical'],
        ['cpu', "shape == 'flat'", 'shape', 'flat', 'threshold, .*'],
      ] as const
    ).map(([reads, when, name, word, known]): [string, string, RegExp] => [
      `a condition that compares ${name} with a word that it never is`,
      RULE.replace('audit', reads).replace("verb == 'create'", JSON.stringify(when)),
      new RegExp(`^rules, line 6: rules\\.0\\.when: ${name} is never "${word}": expected one of ${known}$`),
    ]),
    ['a misspelt section', 'domains: []\nlist: []\n', /^rules, line 2: .*list/],
    [
      'a condition with a name that there is none of',
      RULE.replace('verb', 'vreb'),
      /^rules, line 6: rules\.0\.when: not a condition in CEL/,
    ],
    [
      'a condition about a list that there is none of',
      `${RULE.replace("verb == 'create'", "listed in ['tor', 'tro']")}lists:\n  - name: tor\n    addresses: []\n`,
      /^rules, line 6: rules\.0\.when: there is no list "tro": lists has tor$/,
    ],
    [
      'a condition about a list where there are none',
      RULE.replace("verb == 'create'", "listed != 'tor'"),
      /^rules, line 6: .*: lists has none$/,
    ],
    ['a condition that is none', RULE.replace("== 'create'", '=='), /^rules, line 6: rules\.0\.when: not a condition/],
    ['a condition that asks what alerts do not tell', RULE.replace('audit', 'threat'), /^rules, line 6: .*verb/],
    ...['a="x") OR (b="y"', '(a="x"', 'a="x', 'a="x" -- because'].map((filter): [string, string, RegExp] => [
      `a filter that would change all of the sink: ${filter}`,
      `${RULE}    filter: '${filter}'\n`,
      /^rules, line 11: rules\.0\.filter: expected a filter without comments/,
    ]),
    [
      'the id of a rule of Firebreak',
      RULE.replace('mine', 'exec-into-pod'),
      /^rules, line 3: rules\.0\.id: a rule of Firebreak/,
    ],
    [
      'two rules of one id',
      `${RULE}${RULE.split('rules:\n')[1]}`,
      /^rules, line \d+: rules\.1: there are two with this name/,
    ],
    ['a confidence beyond certainty', RULE.replace('0.6', '1.6'), /^rules, line 8: rules\.0\.confidence: /],
    ['a rule that concludes', `${RULE}    conclusive: true\n`, /^rules, line 11: .*conclusive/],
    ...[
      ['203.0.113.7-203.0.113.9', /expected an address, or a range such as 203\.0\.113\.0\/24, not "203\.0\.113\.7-/],
      ['203.0.113.0/255.255.255.0', /expected an address, or a range/],
      ['203.0.113.7 ', /expected an address, or a range/],
      ['', /expected an address, or a range such as 203\.0\.113\.0\/24, not ""/],
      ['fe80::1%eth0', /expected an address, or a range/],
      ['\\e[2J\\u202e203.0.113.7', /expected an address, or a range .* not "[^\u001b\u202e]*"$/],
      [
        '203.0.113.7/24',
        /"203\.0\.113\.7\/24" has bits beyond its prefix: give the first address of the range, or leave/,
      ],
      ['::ffff:203.0.113.0/24', /has bits beyond its prefix/],
      ['010.0.0.7', /"010\.0\.0\.7" has a number that begins with 0, which some read as octal: leave out the 0/],
      ['::ffff:203.0.113.07', /begins with 0/],
    ].map(([entry, why]): [string, string, RegExp] => [
      `${JSON.stringify(entry)} on a list`,
      `lists:\n  - name: tor\n    addresses: ["${entry}"]\n`,
      new RegExp(`^rules, line 3: lists\\.0\\.addresses\\.0: .*${why instanceof RegExp ? why.source : why}`),
    ]),
    [
      'two lists of one name',
      'lists:\n  - { name: tor, addresses: [] }\n  - { name: tor, addresses: [] }\n',
      /^rules, line 3: lists\.1: there are two with this name/,
    ],
    [
      'an allowance of everything',
      'allow:\n  - { owner: o, reason: r, expires: 2026-12-31 }\n',
      /^rules, line 2: allow\.0: name at least one/,
    ],
    [
      'an allowance without an end',
      'allow:\n  - { rule: x, owner: o, reason: r }\n',
      /^rules, line 2: allow\.0\.expires: /,
    ],
    [
      'an end that is no day',
      'allow:\n  - { rule: x, owner: o, reason: r, expires: soon }\n',
      /^rules, line 2: allow\.0\.expires: expected a day/,
    ],
    [
      'an override of no rule',
      'overrides:\n  exec-into-pot: { severity: low }\n',
      /^rules, line 2: overrides\.exec-into-pot: there is no rule/,
    ],
    [
      'an override of nothing',
      'overrides:\n  exec-into-pod: {}\n',
      /^rules, line 2: overrides\.exec-into-pod: give severity/,
    ],
    ['text that is no YAML', 'rules: [', /^rules, line \d+: /],
  ];
  for (const [what, text, sentence] of wrong)
    it(`refuses ${what}, with its line`, () => assert.match(refusal(text), sentence));

  it('accepts a filter with brackets and dashes in its texts', () => {
    const filter = '(a=~"[(]--" OR b="\\"(") AND NOT c=")"';
    assert.equal(readRules(`${RULE}    filter: '${filter}'\n`).rules[0]?.filter, filter);
  });
});
