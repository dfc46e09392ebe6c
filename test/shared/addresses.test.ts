import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { addressOf, isWithin, networkOf, rangeOf, usualFour } from '../../shared/addresses.ts';

const within = (address: string, range: string): boolean => {
  const [a, r] = [addressOf(address), rangeOf(range)];
  assert.ok(a && r, `${address} ${range}`);
  return isWithin(a, r);
};

describe('addresses', () => {
  it('are parsed in every notation', () => {
    assert.deepEqual(addressOf('203.0.113.9'), { bits: 32, value: 0xcb007109n });
    assert.deepEqual(addressOf('::ffff:203.0.113.9'), addressOf('203.0.113.9'));
    assert.deepEqual(addressOf('2001:db8::1'), addressOf('2001:0DB8:0:0:0:0:0:1'));
    assert.deepEqual(addressOf('fe80::1%eth0'), addressOf('fe80::1'));
    assert.deepEqual(addressOf('::'), { bits: 128, value: 0n });
  });

  for (const text of [
    '',
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4.5',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    'gce',
    '1:2:3:4:5:6:7',
    '::1.2.3',
    '1:2:3:4:5:6:7:8::',
  ])
    it(`are not ${JSON.stringify(text)}`, () => assert.equal(addressOf(text), undefined));

  it('are parsed for every IPv4 and IPv6 address, and never make the parser throw', () => {
    fc.assert(fc.property(fc.ipV4(), (text) => addressOf(text)?.bits === 32));
    fc.assert(fc.property(fc.ipV6(), (text) => addressOf(text) !== undefined));
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdef:.%/') }), (text) => {
        networkOf(text);
        rangeOf(text);
      }),
    );
  });

  for (const text of [
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '025177524776',
    '169.16689662',
    '169.254.43518',
    '0251.0376.0xa9.254',
  ])
    it(`are parsed as the C library does: ${text}`, () => assert.equal(usualFour(text), '169.254.169.254'));

  for (const text of [
    '',
    '1.',
    '.1',
    '1.2.3.4.5',
    '256.1',
    '1.2.3.256',
    '1.2.65536',
    '4294967296',
    '08.1',
    '0x',
    '1e3',
    'a',
  ])
    it(`are not, also for the C library: ${JSON.stringify(text)}`, () => assert.equal(usualFour(text), undefined));

  it('in the usual notation stay as they are', () => {
    fc.assert(fc.property(fc.ipV4(), (text) => usualFour(text) === text));
  });

  it('lie within ranges of their own family', () => {
    assert.ok(within('203.0.113.9', '203.0.113.0/24'));
    assert.ok(!within('203.0.114.9', '203.0.113.0/24'));
    assert.ok(within('203.0.113.9', '203.0.113.9'));
    assert.ok(within('203.0.113.9', '0.0.0.0/0'));
    assert.ok(within('2001:db8:1::', '2001:db8::/32'));
    assert.ok(!within('203.0.113.9', '::/0'));
    assert.ok(within('203.0.113.9', '::ffff:203.0.113.0/120'), 'the prefix is that of the IPv6 address');
    assert.ok(within('::ffff:203.0.113.9', '::ffff:203.0.113.9/128'));
    assert.ok(within('203.0.113.9', '::ffff:0:0/96'));
  });

  for (const text of [
    '203.0.113.0/33',
    '203.0.113.1/24',
    '2001:db8::/129',
    '2001:db8::1/32',
    '203.0.113.0/',
    '/24',
    '203.0.113.0/24/8',
    '::ffff:203.0.113.0/24',
    '::ffff:203.0.113.1/120',
    '::ffff:0.0.0.0/0',
    '::ffff:203.0.113.0/129',
  ])
    it(`make no range from ${text}`, () => assert.equal(rangeOf(text), undefined));

  it('are private or public, including the words that audit logs use for private ones', () => {
    for (const ip of [
      '10.8.0.7',
      '172.31.0.1',
      '192.168.1.1',
      '100.64.0.1',
      '127.0.0.1',
      '::1',
      'fd20::7',
      'fe80::1',
      'private',
      'gce-internal-ip',
      '::ffff:10.0.0.1',
    ])
      assert.equal(networkOf(ip), 'private', ip);
    for (const ip of ['203.0.113.9', '172.32.0.1', '100.128.0.1', '2001:4860::1'])
      assert.equal(networkOf(ip), 'public', ip);
    assert.equal(networkOf('(calling IP)'), undefined);
  });
});
