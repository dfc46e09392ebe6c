import { strict as assert } from 'node:assert';
import { makeRemembered } from '../../../shared/store/remembered.ts';

type Doc = { n: number; list: number[] };
const doc = (n: number): Doc => ({ n, list: [n] });

describe('remembered', () => {
  it('returns a document for the text that it was read from, and for no other text', () => {
    const docs = makeRemembered<Doc>();
    const one = docs.keep('a', 'one', doc(1), 3);
    assert.equal(docs.of('a', 'one'), one);
    assert.equal(docs.of('a', 'two'), undefined);
    assert.equal(docs.of('b', 'one'), undefined);
    docs.keep('a', 'two', doc(2), 3);
    assert.equal(docs.of('a', 'one'), undefined);
    assert.equal(docs.of('a', 'two')?.n, 2);
  });

  it('returns a document that cannot be changed', () => {
    const kept = makeRemembered<Doc>().keep('a', 'one', doc(1), 3);
    assert.throws(() => kept.list.push(2), TypeError);
    assert.throws(() => Object.assign(kept, { n: 2 }), TypeError);
  });

  it('keeps within its size, and drops first what was not used', () => {
    const docs = makeRemembered<Doc>(10);
    for (const id of ['a', 'b']) docs.keep(id, id, doc(1), 4);
    docs.of('a', 'a');
    docs.keep('c', 'c', doc(1), 4);
    assert.deepEqual(
      ['a', 'b', 'c'].map((id) => docs.of(id, id) !== undefined),
      [true, false, true],
    );
    docs.keep('d', 'd', doc(1), 11);
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((id) => docs.of(id, id) !== undefined),
      [false, false, false, false],
    );
    docs.keep('e', 'e', doc(1), 10);
    assert.ok(docs.of('e', 'e') !== undefined);
    for (const body of ['f', 'g', 'h']) docs.keep('e', body, doc(1), 5);
    docs.keep('i', 'i', doc(1), 5);
    assert.ok(docs.of('e', 'h') !== undefined, 'what another text of the same document has replaced takes no room');
  });
});
