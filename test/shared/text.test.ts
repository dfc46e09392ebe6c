import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { counted, plain, quote } from '../../shared/text.ts';

describe('plain and quote', () => {
  it('removes characters that move the cursor, hide or reorder text', () => {
    assert.equal(plain('a\u001b[2Jb\r\nc'), 'a [2Jb c');
    assert.equal(plain('pod \u202egnp.exe'), 'pod  gnp.exe');
    assert.equal(plain('c\u200ba\u00adrt\u{e0041}'), 'c a rt');
    assert.equal(plain('line\u2028line'), 'line line');
  });

  it('keeps letters of any script and pictures', () => {
    assert.equal(plain('Grüße, 東京 🔥'), 'Grüße, 東京 🔥');
  });

  it('limits the length, and never cuts within a character', () => {
    assert.equal(plain('abcdef', 4), 'abc…');
    assert.equal(plain('abc🔥🔥', 5), 'abc…');
    assert.equal(plain(`a${'\u0000'.repeat(100)}b`, 10), 'a…');
  });

  it('stays within its limit and clean, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (text, max) => {
        const shown = plain(text, max);
        assert.ok(shown.length <= max);
        assert.ok(shown.isWellFormed());
        assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}]/u);
      }),
    );
  });

  it('keeps a quotation from ending early', () => {
    assert.equal(quote('x" ran "y'), `"x' ran 'y"`);
  });
});

describe('what is counted', () => {
  it('is one of it, or many', () => {
    assert.deepEqual(
      [0, 1, 11].map((n) => counted(n, 'exhibit')),
      ['0 exhibits', '1 exhibit', '11 exhibits'],
    );
    assert.equal(counted(2, 'address', 'addresses'), '2 addresses');
  });
});
