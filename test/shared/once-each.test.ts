import { strict as assert } from 'node:assert';
import { onceEach } from '../../shared/once-each.ts';

describe('onceEach', () => {
  it('makes one value for each key, also for callers at the same time', async () => {
    const made: string[] = [];
    const get = onceEach(async (key) => made.push(key));
    assert.deepEqual(await Promise.all([get('a'), get('a'), get('b')]), [1, 1, 2]);
    assert.deepEqual(made, ['a', 'b']);
  });

  it('gives a failure to later callers too', async () => {
    let tries = 0;
    const get = onceEach(async () => {
      tries += 1;
      throw new Error('no');
    });
    await assert.rejects(get('a'), /no/);
    await assert.rejects(get('a'), /no/);
    assert.equal(tries, 1);
  });
});
