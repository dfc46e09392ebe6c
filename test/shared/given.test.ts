import { strict as assert } from 'node:assert';
import { given } from '../../shared/given.ts';

describe('given', () => {
  it('leaves out what is undefined, and nothing else', () => {
    assert.deepEqual(Object.entries(given({ a: undefined, b: null, c: '', d: 0, e: false })), [
      ['b', null],
      ['c', ''],
      ['d', 0],
      ['e', false],
    ]);
  });
});
