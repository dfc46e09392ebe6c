import { strict as assert } from 'node:assert';
import { fits, widthOf } from '../../../shared/views/visible.ts';

const RED = '\u001b[31mred\u001b[39m';

describe('visible', () => {
  it('counts characters, and neither colours nor the halves of a character', () => {
    assert.equal(widthOf(RED), 3);
    assert.equal(widthOf('a🔥'), 2);
    assert.equal(widthOf(''), 0);
  });

  it('tells whether the widest line fits', () => {
    assert.equal(fits(`${RED}\nfour`, 4), true);
    assert.equal(fits(`${RED}\nfour`, 3), false);
  });
});
