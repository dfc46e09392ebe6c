import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { mostBytesIn } from '../../../shared/decision/exemplars.ts';
import { type Finding, finding } from '../../../shared/model/finding.ts';
import { plain } from '../../../shared/text.ts';

const long = (length: number): string => `a${'b'.repeat(length - 2)}c`;

/** A finding of the greatest length in every field except the free text. */
const LONGEST: Finding = finding.parse({
  v: 1,
  id: long(80),
  rule: long(63),
  severity: 'critical',
  confidence: 0.333_333_333_333_333_3,
  because: ['x'],
  target: {
    project: `${long(63)}:${long(63)}`,
    location: `${long(20)}-${long(20)}12-a`,
    cluster: long(63),
    namespace: long(63),
    pod: long(253),
    workload: { kind: `A${long(62)}`, name: long(253) },
    node: long(253),
    instance: '9'.repeat(20),
    uid: '01234567-0123-0123-0123-0123456789ab',
  },
  at: '2026-03-02T10:15:30.250Z',
  source: long(63),
  family: 'threat-feed',
  conclusive: true,
  line: 1_000_000_000,
});
const CHANGE = { service: long(100), resource: long(200), verb: long(100), namespace: long(253), name: long(253) };

describe('the upper bound of the bytes of a finding', () => {
  it('is not exceeded, whatever the free text contains', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 512 }),
      fc.string({ unit: 'grapheme', maxLength: 512 }),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), text, fc.boolean(), (lines, principal, changes) => {
        const because = lines.map((line) => plain(line, 300));
        const found = { ...LONGEST, because, principal, ...(changes ? { change: CHANGE } : {}) };
        const bytes = Buffer.byteLength(JSON.stringify(found));
        assert.ok(bytes <= mostBytesIn(found), `${bytes} > ${mostBytesIn(found)}`);
      }),
      { numRuns: 2000 },
    );
  });
});
