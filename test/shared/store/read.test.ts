import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { z } from 'zod';
import { makeReader } from '../../../shared/store/read.ts';

const inner = z.object({ step: z.string(), at: z.union([z.string(), z.object({ ms: z.number() })]).optional() });
const schema = z.looseObject({
  v: z.literal(1),
  inner,
  list: z.array(inner),
  map: z.record(z.string(), inner),
});
const read = makeReader({ collection: 'docs', schema, version: 1 });

/** An object with the given fields and arbitrary others, including `__proto__` and `constructor`. */
const withOthers = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc
    .tuple(
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor')), fc.jsonValue()),
      fc.record(fields),
    )
    .map(([others, own]) => {
      const text = JSON.stringify(others).replace(/}$/, '');
      const rest = JSON.stringify(own).replace(/^{/, '');
      return `${text}${text === '{' || rest === '}' ? '' : ','}${rest}`;
    });

const innerText = withOthers({ step: fc.string() });
const document = fc
  .tuple(innerText, fc.array(innerText, { maxLength: 4 }), fc.array(innerText, { maxLength: 3 }), fc.jsonValue())
  .map(
    ([one, list, map, later]) =>
      `{"v":1,"later":${JSON.stringify(later)},"inner":${one},"list":[${list}],"map":{${map.map((m, i) => `"k${i}":${m}`)}}}`,
  );

describe('makeReader', () => {
  it('returns every field of every document that the schema accepts', () => {
    let accepted = 0;
    fc.assert(
      fc.property(document, (body) => {
        const json: unknown = JSON.parse(body);
        if (!schema.safeParse(json).success) return;
        accepted++;
        assert.equal(JSON.stringify(sorted(read('a', body))), JSON.stringify(sorted(json)));
      }),
      { numRuns: 300 },
    );
    assert.ok(accepted > 200, `${accepted} of 300 documents were accepted`);
  });

  it('names the document if its older version is not supported or its upgrade fails', () => {
    const reading = { collection: 'docs', schema, version: 1 };
    assert.throws(() => read('a', '{"v":0}'), /^Malformed: docs\/a has version 0, which this release does not read\.$/);
    const upgrade = (): never => {
      throw new Error('no field wins');
    };
    assert.throws(
      () => makeReader({ ...reading, upgrade })('a', '{"v":0}'),
      /^Malformed: docs\/a of version 0 could not be upgraded: no field wins$/,
    );
  });

  it('says of a body that it cannot read what is wrong, and where', () => {
    for (const body of ['[]', 'null', '"v"', '{"v":1'])
      assert.throws(() => read('a', body), /^Malformed: docs\/a is not a JSON object\.$/);
    for (const body of ['{}', '{"v":"1"}'])
      assert.throws(() => read('a', body), /^Malformed: docs\/a carries no version\.$/);
    const inMap = '{"v":1,"inner":{"step":"s"},"list":[],"map":{"k":{"step":7}}}';
    assert.throws(() => read('a', inMap), /^Malformed: docs\/a cannot be read at map\.k\.step: Invalid input: /);
    const whole = z.any().refine(() => false, 'no such thing');
    const refuses = makeReader({ collection: 'docs', schema: whole, version: 1 });
    assert.throws(() => refuses('a', '{"v":1}'), /^Malformed: docs\/a cannot be read at its top: no such thing$/);
  });

  it('gives what the schema makes of a field, not what is stored, and the fields beside it', () => {
    const lenient = z.looseObject({ v: z.literal(1), inner: z.object({ n: z.number().catch(0) }) });
    const found = makeReader({ collection: 'docs', schema: lenient, version: 1 })(
      'a',
      '{"v":1,"inner":{"n":"x","m":1}}',
    );
    assert.deepEqual(found, { v: 1, inner: { n: 0, m: 1 } });
  });

  it('keeps a field named __proto__ as a field', () => {
    const body = '{"v":1,"inner":{"step":"s","__proto__":{"polluted":true}},"list":[],"map":{}}';
    const found = read('a', body);
    assert.equal(JSON.stringify(found.inner), '{"step":"s","__proto__":{"polluted":true}}');
    assert.equal(Object.getPrototypeOf(found.inner), Object.prototype);
  });
});

/** Sorts keys, so that two documents can be compared as text, including an own `__proto__`. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
};
