import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { wrap } from '../../../shared/views/wrap.ts';

describe('wrap', () => {
  it('breaks at spaces, and within a word only if it must', () => {
    assert.deepEqual(wrap('one two three', 8), ['one two', 'three']);
    assert.deepEqual(wrap('abcdefghij', 8), ['abcdefgh', 'ij']);
    assert.deepEqual(wrap('', 8), ['']);
  });

  it('loses no character but spaces, and keeps every line within the width', () => {
    const texts = fc.string({ maxLength: 200 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 8, max: 100 }), (text, width) => {
        const lines = wrap(text, width);
        assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
        assert.ok(lines.every((line) => line.length <= width));
      }),
    );
  });
});
