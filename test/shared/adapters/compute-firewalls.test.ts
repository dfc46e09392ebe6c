import { strict as assert } from 'node:assert';
import { readEffective, readFirewall } from '../../../shared/adapters/compute-firewalls.ts';

const policy = (type: string) => ({
  type,
  name: type.toLowerCase(),
  rules: [{ action: 'allow', direction: 'INGRESS', priority: 1, match: { srcIpRanges: ['0.0.0.0/0'] } }],
});

describe('adapters/compute-firewalls', () => {
  it('puts policies of an unknown type first, since they may be evaluated first', () => {
    const firewallPolicys = ['NETWORK', 'SYSTEM_REGIONAL', 'HIERARCHY', 'UNSPECIFIED', 'LATER'].map(policy);
    assert.deepEqual(
      readEffective({ firewallPolicys }, 'after-vpc').map(({ name }) => name),
      ['unspecified#1', 'later#1', 'hierarchy#1', 'system_regional#1', 'network#1'],
    );
  });

  it('reads a rule of priority 0 from which the service leaves it out, as it may leave out any zero', () => {
    const rule = {
      id: '1',
      name: 'r',
      network: 'projects/p1/global/networks/n',
      creationTimestamp: '2026-01-02T03:04:05.678-08:00',
      direction: 'EGRESS',
      denied: [{ IPProtocol: 'all' }],
    };
    assert.equal(readFirewall(rule).priority, 0);
    const firewallPolicys = [{ type: 'HIERARCHY', name: '1', rules: [{ action: 'deny', direction: 'EGRESS' }] }];
    assert.deepEqual(
      readEffective({ firewallPolicys, firewalls: [rule] }, 'after-vpc').map(({ priority }) => priority),
      [0, 0],
    );
  });
});
