import { strict as assert } from 'node:assert';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { alike } from '../../shared/alike.ts';

describe('alike', () => {
  it('compares by content, whatever the order of keys, and ignores undefined fields', () => {
    const one = { a: [{ b: 'c', d: undefined }], e: null };
    assert.ok(alike(one, { e: null, a: [{ b: 'c' }] }));
    for (const other of [
      { a: [{ b: 'x' }], e: null },
      { a: [], e: null },
      { a: [{ b: 'c' }] },
      { ...one, f: 0 },
      [],
      null,
    ])
      assert.equal(alike(one, other), false, JSON.stringify(other));
    assert.equal(alike({ 0: 'a' }, ['a']), false);
  });

  it('agrees with isDeepStrictEqual on any JSON', () => {
    const value = fc.jsonValue({ maxDepth: 3 }).map((one): unknown => JSON.parse(JSON.stringify(one)));
    const pair = fc.oneof(
      fc.tuple(value, value),
      value.map((one): [unknown, unknown] => [one, structuredClone(one)]),
    );
    fc.assert(fc.property(pair, ([a, b]) => assert.equal(alike(a, b), isDeepStrictEqual(a, b))));
  });
});
