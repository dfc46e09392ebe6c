import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { withKey, withoutKey } from '../../../../shared/containment/verdicts/ssh-keys.ts';

const line = fc.stringMatching(/^[a-z]{1,5}:ssh-rsa [A-Z]{1,8}$/);

describe('containment/verdicts/ssh-keys', () => {
  it('adds a key once, and removes only that key', () => {
    fc.assert(
      fc.property(fc.uniqueArray(line, { maxLength: 5 }), line, (others, key) => {
        const before = others.filter((other) => other !== key).join('\n');
        const opened = withKey(before, key);
        assert.ok(opened.split('\n').includes(key));
        assert.equal(withKey(opened, key), opened);
        assert.equal(withoutKey(opened, key), before);
        assert.equal(withoutKey(before, key), before);
      }),
    );
  });

  it('leaves no empty line behind, and nothing as it was where there is nothing to take', () => {
    assert.equal(withKey('', 'ana:k'), 'ana:k');
    assert.equal(withKey('bo:k\n\n', 'ana:k'), 'bo:k\nana:k');
    assert.equal(withoutKey('bo:k\n \nana:k\n', 'ana:k'), 'bo:k');
    assert.equal(withoutKey('bo:k\n\n', 'ana:k'), 'bo:k\n\n');
  });
});
