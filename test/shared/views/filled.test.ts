import { strict as assert } from 'node:assert';
import { filled } from '../../../shared/views/filled.ts';

describe('filled', () => {
  it('puts as many parts on a line as fit, and never breaks one', () => {
    assert.deepEqual(filled(['one', 'two', 'three'], ' · ', 9), ['one · two', 'three']);
    assert.deepEqual(filled(['one', 'longer than that', 'x'], '  ', 5), ['one', 'longer than that', 'x']);
    assert.deepEqual(filled([], ' ', 5), []);
  });

  it('does not count colours', () => {
    assert.deepEqual(filled(['\u001b[31mred\u001b[39m', 'blue'], ' ', 8), ['\u001b[31mred\u001b[39m blue']);
  });
});
