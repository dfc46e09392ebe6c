import { strict as assert } from 'node:assert';
import { sshDoubts } from '../../../../shared/containment/verdicts/ssh-allowed.ts';
import type { EffectiveRule } from '../../../../shared/model/firewall.ts';

const rule = (given: Partial<EffectiveRule>): EffectiveRule => ({
  source: 'vpc',
  name: 'ours',
  direction: 'INGRESS',
  action: 'allow',
  priority: 0,
  targetTags: [],
  targetServiceAccounts: [],
  ranges: ['35.235.240.0/20'],
  byRangesOnly: true,
  protocols: ['tcp:22'],
  logging: true,
  ...given,
});
const NAMES = new Set(['ours']);

describe('containment/verdicts/ssh-allowed', () => {
  it('has no doubt if our rule comes before the cut, and names the cut if that comes first', () => {
    const cut = rule({ name: 'cut', action: 'deny', protocols: ['all'] });
    assert.deepEqual(sshDoubts([rule({}), cut], 'nic0', NAMES), []);
    assert.match(sshDoubts([cut, rule({})], 'nic0', NAMES).join(), /vpc rule cut denies SSH on nic0 before ours/);
  });

  it('names a missing rule of ours, and ignores rules for other ports and directions', () => {
    assert.match(sshDoubts([], 'nic0', NAMES).join(), /no rule of ours/);
    const beside = [
      rule({ name: 'web', action: 'deny', protocols: ['tcp:443'] }),
      rule({ direction: 'EGRESS', action: 'deny' }),
    ];
    assert.deepEqual(sshDoubts([...beside, rule({})], 'nic0', NAMES), []);
  });

  it('names a deny of a range of ports that holds the one of SSH, and no other range', () => {
    const doubtsAt = (protocol: string): string[] =>
      sshDoubts(
        [rule({ name: 'org#1', source: 'hierarchy', action: 'deny', protocols: [protocol] }), rule({})],
        'nic0',
        NAMES,
      );
    for (const holds of ['tcp:1-1024', 'tcp:22-22', 'tcp:0-65535', '6', '6:22'])
      assert.deepEqual(doubtsAt(holds), ['hierarchy rule org#1 denies SSH on nic0 before ours'], holds);
    for (const other of ['tcp:23-1024', 'tcp:1-21', 'tcp:220', 'udp:22', '17', 'tcp:'])
      assert.deepEqual(doubtsAt(other), [], other);
  });

  it('takes for ours only a VPC rule with our name that allows, whatever else allows SSH', () => {
    for (const other of [{ name: 'theirs' }, { source: 'hierarchy' }, { action: 'deny' }] as const)
      assert.match(sshDoubts([rule(other)], 'nic0', NAMES).join(), /no rule of ours allows SSH on nic0/);
  });

  it('counts a deny of all TCP, and of SSH among other ports', () => {
    for (const protocols of [['tcp'], ['udp', 'tcp:22'], ['icmp', 'all']])
      assert.equal(
        sshDoubts([rule({ name: 'x', action: 'deny', protocols }), rule({})], 'nic0', NAMES).length,
        1,
        protocols.join(),
      );
    assert.deepEqual(sshDoubts([rule({ name: 'x', protocols: ['tcp'] }), rule({})], 'nic0', NAMES), []);
  });
});
