import { strict as assert } from 'node:assert';
import { readEffective } from '../../../shared/adapters/compute-firewalls.ts';

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
});
