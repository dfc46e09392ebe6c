import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { type Loose, record } from '../../../shared/kubernetes/loose.ts';
import { joined, splitOf } from '../../../shared/sources/split-entry.ts';
import { signalOfPayload } from '../../fixtures/signals.ts';

const SPLIT = { uid: 'u', index: 0, totalSplits: 2 };
const entry = (request: Record<string, unknown>, split: object = SPLIT, response?: Record<string, unknown>): Loose => ({
  ...auditEntry({ verb: 'create', resource: 'pods', namespace: 'shop', request, response }),
  split,
});
const requestOf = (whole: Loose): unknown => record(whole.protoPayload)?.request;
const join = (...requests: Array<Record<string, unknown>>): unknown => {
  const [first = {}, ...more] = requests.map((request) => entry(request));
  return requestOf(joined([first, ...more], { uid: 'u', index: 0, total: requests.length }));
};

describe('parts of an audit entry', () => {
  it('are identified by uid, index and total number', () => {
    assert.deepEqual(splitOf(entry({})), { uid: 'u', index: 0, total: 2 });
    assert.deepEqual(splitOf(entry({}, { uid: 'u', totalSplits: 2 })), { uid: 'u', index: 0, total: 2 });
    assert.equal(splitOf(entry({}, { uid: 'u', index: 15, totalSplits: 16 }))?.index, 15);
    assert.equal(splitOf(entry({}, { uid: 'u'.repeat(5000), totalSplits: 2 }))?.uid.length, 512);
  });

  const none: Array<[string, unknown]> = [
    ['a whole entry', auditEntry({ verb: 'create', resource: 'pods' })],
    ['the only part of one', entry({}, { uid: 'u', index: 0, totalSplits: 1 })],
    ['a part beyond the last', entry({}, { uid: 'u', index: 2, totalSplits: 2 })],
    ['a part before the first', entry({}, { uid: 'u', index: -1, totalSplits: 2 })],
    ['a part of half a number', entry({}, { uid: 'u', index: 0.5, totalSplits: 2 })],
    ['one of 17 parts', entry({}, { uid: 'u', index: 0, totalSplits: 17 })],
    ['one of a million parts', entry({}, { uid: 'u', index: 0, totalSplits: 1_000_000 })],
    ['a part of nothing in particular', entry({}, { index: 0, totalSplits: 2 })],
    ['a part of another log', { split: SPLIT, logName: 'projects/p1/logs/x', protoPayload: {} }],
    ['no entry', 7],
  ];
  for (const [what, payload] of none) it(`do not include ${what}`, () => assert.equal(splitOf(payload), undefined));

  it('are joined as they were divided: texts by appending, lists by position, objects by key', () => {
    assert.deepEqual(join({ list: ['foo', 'ba'] }, { list: ['', 'r', 'baz'] }), { list: ['foo', 'bar', 'baz'] });
    assert.deepEqual(join({ a: { b: 'on', n: 1 } }, { a: { b: 'e', c: true } }), { a: { b: 'one', n: 1, c: true } });
    assert.deepEqual(join({ a: [{ x: 'l' }] }, { a: [{ x: 'eft' }, { x: 'right' }] }), {
      a: [{ x: 'left' }, { x: 'right' }],
    });
    assert.deepEqual(join({ a: null }, { a: 7 }, { a: null, b: 'c' }), { a: 7, b: 'c' });
  });

  it('keep the first value where one part contradicts another', () => {
    for (const [one, other] of [
      [7, 'x'],
      ['x', 7],
      [['x'], { x: 1 }],
      [{ x: 1 }, ['x']],
      [{ x: 1 }, 'x'],
      ['x', null],
    ])
      assert.deepEqual(join({ a: one }, { a: other }), { a: one });
  });

  it('are joined in request, response and metadata, also where only a later part has one', () => {
    const parts = [entry({ a: 'x' }), entry({}, { ...SPLIT, index: 1 }, { kind: 'Pod' })] as const;
    const later = { ...parts[1], protoPayload: { ...record(parts[1].protoPayload), metadata: { b: 'y' } } };
    const { request, response, metadata } =
      record(joined([parts[0], later], { uid: 'u', index: 0, total: 2 }).protoPayload) ?? {};
    assert.deepEqual([request, response, metadata], [{ a: 'x' }, { kind: 'Pod' }, { b: 'y' }]);
  });

  it('keep the type of a body only once', () => {
    assert.deepEqual(join({ '@type': 'k8s.io/Pod', a: 'x' }, { '@type': 'k8s.io/Pod' }), {
      '@type': 'k8s.io/Pod',
      a: 'x',
    });
  });

  it('make the same event in any order, and another one with a part missing', () => {
    const parts = [entry({ a: 'x' }), entry({ b: 'y' }, { ...SPLIT, index: 1 })] as const;
    const split = { uid: 'u', index: 1, total: 2 };
    const whole = signalOfPayload(joined(parts, split));
    const part = signalOfPayload(joined([parts[0]], split));
    assert.equal(whole.partial, false);
    assert.equal(part.partial, true);
    assert.notEqual(whole.event, part.event);
    assert.deepEqual(whole.request, { a: 'x', b: 'y' });
  });

  it('restore a body that was cut at any place', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.array(fc.string(), { maxLength: 4 }), { noNullPrototype: true }),
        fc.nat(40),
        (body, cut) => {
          let left = cut;
          const head = Object.entries(body).map(([key, list]) => {
            const kept = list.map((text) => {
              const piece = text.slice(0, left);
              left -= piece.length;
              return piece;
            });
            return [key, kept] as const;
          });
          const one = Object.fromEntries(head);
          const other = Object.fromEntries(
            Object.entries(body).map(([key, list]) => [
              key,
              list.map((text, n) => text.slice((one[key]?.[n] ?? '').length)),
            ]),
          );
          assert.deepEqual(join({ body: one }, { body: other }), { body });
        },
      ),
    );
  });

  it('are joined without an error whatever they contain', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (a, b) => {
        join({ a }, { a: b });
      }),
    );
  });
});
