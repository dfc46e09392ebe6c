import { strict as assert } from 'node:assert';
import { isInternet } from '../../../shared/detection/wide-ranges.ts';

describe('ranges that count as the internet', () => {
  const quarters = ['0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2', '192.0.0.0/2'];
  const cases: Array<[string, boolean, string[]]> = [
    ['all of IPv4', true, ['0.0.0.0/0']],
    ['all of IPv6', true, ['::/0']],
    ['all of IPv6 that is given out', true, ['2000::/3']],
    ['an address within the whole', true, ['203.0.113.9/0']],
    ['all of IPv4, mapped', true, ['::ffff:0.0.0.0/96']],
    ['all of IPv6, from a mapped address', true, ['::ffff:203.0.113.9/0']],
    ['two halves', true, ['128.0.0.0/1', '0.0.0.0/1']],
    ['one half', true, ['0.0.0.0/1']],
    ['quarters among others', true, ['203.0.113.0/24', ...quarters, '10.0.0.0/8']],
    ['one quarter, said often', false, Array.from({ length: 8 }, () => '64.0.0.0/2')],
    ['ranges within each other', false, ['0.0.0.0/2', '0.0.0.0/3', '10.0.0.0/8', '32.0.0.0/3']],
    ['private networks', false, ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fd00::/8']],
    ['one address', false, ['203.0.113.9/32', '203.0.113.10']],
    ['none', false, []],
    ['no ranges', false, ['everywhere', '0.0.0.0/33', '']],
  ];
  for (const [what, expected, ranges] of cases)
    it(`${expected ? 'are' : 'are not'} ${what}`, () => assert.equal(isInternet(ranges), expected));

  it('are recognised in a long list within the time limit of a test', () => {
    const many = Array.from({ length: 100_000 }, (_, n) => `10.${n % 256}.${(n >> 8) % 256}.0/24`);
    assert.equal(isInternet(many), false);
  });
});
