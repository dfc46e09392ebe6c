import { strict as assert } from 'node:assert';
import { readTraceparent, writeTraceparent } from '../../shared/trace.ts';

const ID = { traceId: 'a1'.repeat(16), spanId: 'b2'.repeat(8) };

describe('trace context', () => {
  it('is read as it was written', () => {
    assert.equal(writeTraceparent(ID), `00-${ID.traceId}-${ID.spanId}-01`);
    assert.deepEqual(readTraceparent(writeTraceparent(ID)), ID);
    assert.deepEqual(readTraceparent(`00-${ID.traceId}-${ID.spanId}-00`), ID);
    // Of a future version, the known part is read.
    assert.deepEqual(readTraceparent(`01-${ID.traceId}-${ID.spanId}-01-more`), ID);
  });

  const none: Array<[string, string | undefined]> = [
    ['nothing', undefined],
    ['an empty text', ''],
    ['another form', 'x'.repeat(55)],
    ['no trace', `00-${'0'.repeat(32)}-${ID.spanId}-01`],
    ['no span', `00-${ID.traceId}-${'0'.repeat(16)}-01`],
    ['capitals', `00-${ID.traceId.toUpperCase()}-${ID.spanId}-01`],
    ['a version that never will be', `ff-${ID.traceId}-${ID.spanId}-01`],
    ['more than version 00 has', `00-${ID.traceId}-${ID.spanId}-01-more`],
    ['something behind it', `00-${ID.traceId}-${ID.spanId}-01\n`],
    ['something before it', ` 00-${ID.traceId}-${ID.spanId}-01`],
  ];
  for (const [what, text] of none) it(`is not read from ${what}`, () => assert.equal(readTraceparent(text), undefined));
});
