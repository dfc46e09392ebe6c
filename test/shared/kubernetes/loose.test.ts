import { strict as assert } from 'node:assert';
import { at, integer, record, records, text, texts } from '../../../shared/kubernetes/loose.ts';

describe('unchecked JSON', () => {
  it('is followed only by its own keys', () => {
    const value: unknown = JSON.parse('{"a":{"b":1},"__proto__":{"c":2},"list":[{"a":1}]}');
    assert.equal(at(value, 'a', 'b'), 1);
    assert.equal(at(value, 'a', 'c'), undefined);
    assert.equal(at(value, 'constructor', 'name'), undefined);
    assert.equal(at(value, 'list', 'length'), undefined);
    assert.equal(at(null, 'a'), undefined);
  });

  it('is read as a record, text or list only if it is one', () => {
    for (const other of [null, [], 'x', 1, undefined]) assert.equal(record(other), undefined);
    assert.deepEqual(records([{ a: 1 }, null, 'x', [], { b: 2 }]), [{ a: 1 }, { b: 2 }]);
    assert.deepEqual(records({ 0: { a: 1 } }), []);
    assert.deepEqual([text('x'), text(''), text(1)], ['x', undefined, undefined]);
    assert.deepEqual(texts(['a', 1, 'b', null]), ['a', 'b']);
  });

  it('is read as a whole number, also from text', () => {
    assert.deepEqual(['71', 71, '-1'].map(integer), [71, 71, -1]);
    for (const other of ['7.1', 7.1, '', ' 7', '99999999999999999', null, '0x7'])
      assert.equal(integer(other), undefined);
  });
});
