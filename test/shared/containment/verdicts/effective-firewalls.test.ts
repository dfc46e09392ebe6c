import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { cutDoubts } from '../../../../shared/containment/verdicts/effective-firewalls.ts';
import type { EffectiveRule } from '../../../../shared/model/firewall.ts';

const rule = (given: Partial<EffectiveRule>): EffectiveRule => ({
  source: 'vpc',
  name: 'r',
  direction: 'INGRESS',
  action: 'deny',
  priority: 0,
  targetTags: [],
  targetServiceAccounts: [],
  ranges: ['0.0.0.0/0'],
  byRangesOnly: true,
  protocols: ['all'],
  logging: true,
  ...given,
});

const OURS = (['INGRESS', 'EGRESS'] as const).flatMap((direction) =>
  ['0.0.0.0/0', '::/0'].map((range) => rule({ name: `fb-${direction}-${range}`, direction, ranges: [range] })),
);
const NAMES = new Set(OURS.map(({ name }) => name));

describe('containment/verdicts/effective-firewalls', () => {
  it('has no doubt if all four of our rules come first', () => {
    assert.deepEqual(cutDoubts(OURS, 'nic0', NAMES), []);
  });

  it('names each direction and IP version that none of our rules covers', () => {
    for (const missing of OURS) {
      const doubts = cutDoubts(
        OURS.filter((r) => r !== missing),
        'nic1',
        NAMES,
      );
      assert.equal(doubts.length, 1);
      assert.match(doubts[0] ?? '', new RegExp(`${missing.direction.toLowerCase()} on nic1`));
    }
    assert.equal(cutDoubts([], 'nic0', NAMES).length, 4);
  });

  it('does not take a stranger’s rule, a narrower rule, or an allow rule with our name as ours', () => {
    const others: Array<Partial<EffectiveRule>> = [
      { name: 'theirs' },
      { ranges: ['10.0.0.0/8'] },
      { action: 'allow' },
      { protocols: ['tcp'] },
      { source: 'hierarchy' },
      // Narrowed by a second list, of the addresses at the other end.
      { byRangesOnly: false },
    ];
    for (const change of others)
      assert.notDeepEqual(
        cutDoubts(
          OURS.map((r) => ({ ...r, ...change })),
          'nic0',
          NAMES,
        ),
        [],
      );
  });

  it('names an allow rule before ours, also in policies above the VPC, and none after ours', () => {
    const allow = rule({ name: 'org#100', source: 'hierarchy', action: 'allow', ranges: ['10.0.0.0/8'] });
    assert.match(cutDoubts([allow, ...OURS], 'nic0', NAMES).join(), /hierarchy rule org#100 allows ingress on nic0/);
    assert.deepEqual(cutDoubts([...OURS, allow], 'nic0', NAMES), []);
  });

  it('names a rule before ours that hands packets to an inspection, and none that leaves them to later rules', () => {
    const first = (action: string) => rule({ name: 'org#5', source: 'hierarchy', action });
    assert.match(
      cutDoubts([first('apply_security_profile_group'), ...OURS], 'nic0', NAMES).join(),
      /^hierarchy rule org#5 may let through \(apply_security_profile_group\) ingress on nic0 before ours$/,
    );
    assert.deepEqual(cutDoubts([first('goto_next'), ...OURS], 'nic0', NAMES), []);
  });

  it('does not accept a single narrower rule of ours', () => {
    for (const one of OURS) {
      const narrow = one.ranges.includes('::/0') ? '2600::/16' : '10.0.0.0/8';
      const rules = OURS.map((r) => (r === one ? { ...r, ranges: [narrow] } : r));
      assert.equal(cutDoubts(rules, 'nic0', NAMES).length, 1, one.name);
    }
  });

  it('doubts an IP version only because of rules for that version, and never because of a deny', () => {
    for (const ranges of [['10.0.0.0/8'], ['2600::/16']]) {
      const before = rule({ name: 'theirs', ranges });
      assert.deepEqual(cutDoubts([before, ...OURS], 'nic0', NAMES), []);
      assert.equal(cutDoubts([{ ...before, action: 'allow' }, ...OURS], 'nic0', NAMES).length, 1);
    }
  });

  it('does not doubt an access that was opened on purpose, and doubts every other one', () => {
    const opened = rule({ name: 'ssh', action: 'allow', ranges: ['35.235.240.0/20'] });
    const isOpened = ({ name }: EffectiveRule): boolean => name === 'ssh';
    assert.deepEqual(cutDoubts([opened, ...OURS], 'nic0', NAMES, isOpened), []);
    assert.equal(cutDoubts([opened, { ...opened, name: 'other' }, ...OURS], 'nic0', NAMES, isOpened).length, 1);
  });

  it('counts a rule that matches by more than ranges for both IP versions', () => {
    const allow = rule({ name: 'by-account', action: 'allow', ranges: [], byRangesOnly: false });
    assert.equal(cutDoubts([allow, ...OURS], 'nic0', NAMES).length, 2);
  });

  it('does not add a doubt for any rule after ours', () => {
    const any = fc.record({
      name: fc.constantFrom('a', 'b'),
      direction: fc.constantFrom('INGRESS', 'EGRESS'),
      action: fc.constantFrom('allow', 'deny', 'goto_next'),
      ranges: fc.subarray(['0.0.0.0/0', '::/0', '10.0.0.0/8']),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), (later) => {
        assert.deepEqual(cutDoubts([...OURS, ...later.map(rule)], 'nic0', NAMES), []);
      }),
    );
  });
});
