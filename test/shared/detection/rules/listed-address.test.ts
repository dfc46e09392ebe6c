import { strict as assert } from 'node:assert';
import type { AuditEntryParts } from '../../../../local/scenarios/audit-entry.ts';
import { makeDetector } from '../../../../shared/detection/detector.ts';
import { listedAddress } from '../../../../shared/detection/rules/listed-address.ts';
import { readRules } from '../../../../shared/detection/rules-file.ts';
import { finding } from '../../../../shared/model/finding.ts';
import { NOW, signalOf } from '../../../fixtures/signals.ts';

const FILE = readRules(`
lists:
  - { name: tor-exits, addresses: [203.0.113.0/24, '2001:db8::/32'] }
  - { name: servers, addresses: [203.0.113.9, 198.51.100.7] }
`);
const READ: AuditEntryParts = { verb: 'list', resource: 'secrets', callerIp: '203.0.113.8' };
const listedIn = (parts: Partial<AuditEntryParts>, file = FILE) => {
  const { findings } = makeDetector(file).see(signalOf({ ...READ, ...parts }), NOW);
  return findings.flatMap((one) => (one.rule === listedAddress.id ? [finding.strict().parse(one)] : []));
};

describe('listed-address', () => {
  it('fires on a call from a listed range, with the caller in the target', () => {
    const [found] = listedIn({});
    assert.deepEqual([found?.severity, found?.confidence], [listedAddress.severity, listedAddress.confidence]);
    assert.equal(found?.target.principal, 'ana@example.com');
    assert.match(found?.because[0] ?? '', /"203\.0\.113\.8", which is on the list "tor-exits"/);
  });

  for (const callerIp of ['198.51.100.7', '203.0.113.255', '2001:db8:1::7', '::ffff:203.0.113.8'])
    it(`fires: ${callerIp}`, () => assert.equal(listedIn({ callerIp }).length, 1));

  for (const callerIp of ['198.51.100.8', '203.0.114.1', '2001:db9::1', 'gce-internal-ip', ''])
    it(`does not fire: ${callerIp || 'no address'}`, () => assert.deepEqual(listedIn({ callerIp }), []));

  it('names the first list of the file that has the address, however its ranges overlap', () => {
    const file = readRules(`
lists:
  - { name: other, addresses: [192.0.2.1, '::ffff:192.0.2.0/120', 198.51.100.0/24] }
  - { name: wide, addresses: [203.0.0.0/16, '2001:db8::/32'] }
  - { name: narrow, addresses: [203.0.113.9, 203.0.113.0/28, '2001:db8::1', 192.0.2.1] }
  - { name: last, addresses: [203.0.0.0/8, '::/0'] }
`);
    for (const [callerIp, list] of [
      ['203.0.113.9', 'wide'],
      ['203.9.9.9', 'last'],
      ['192.0.2.1', 'other'],
      ['192.0.2.255', 'other'],
      ['::ffff:203.0.113.9', 'wide'],
      ['2001:db8::1', 'wide'],
      ['2001:db9::1', 'last'],
    ] as const)
      assert.match(listedIn({ callerIp }, file)[0]?.because[0] ?? callerIp, new RegExp(`on the list "${list}"$`));
  });

  it('reads 100,000 ranges of IPv6, and finds one, within the time limit of a test', () => {
    const addresses = Array.from(
      { length: 100_000 },
      (_, n) => `2001:db8:${(n >> 16).toString(16)}:${(n & 0xffff).toString(16)}::/64`,
    );
    const file = { ...FILE, lists: [{ name: 'many', addresses }] };
    const detector = makeDetector(file);
    const { findings } = detector.see(signalOf({ ...READ, callerIp: '2001:db8:1:634f::7' }), NOW);
    assert.match(findings.find(({ rule }) => rule === listedAddress.id)?.because[0] ?? '', /on the list "many"$/);
  });

  it('does not fire on a refused call, or without lists', () => {
    assert.deepEqual(listedIn({ code: 7 }), []);
    assert.deepEqual(listedIn({}, readRules('')), []);
    assert.deepEqual(listedIn({}, readRules('lists: [{ name: none-yet, addresses: [] }]')), []);
  });
});
