import { strict as assert } from 'node:assert';
import { once } from '../../shared/once.ts';

describe('once', () => {
  it('runs at the first call, and only once for all callers', async () => {
    let made = 0;
    const get = once(async () => {
      made += 1;
      return { made };
    });
    assert.equal(made, 0);
    const [one, other] = await Promise.all([get(), get()]);
    assert.equal(one, other);
    assert.equal(await get(), one);
    assert.equal(made, 1);
  });

  it('runs again after a failure, which all waiting callers get', async () => {
    let tries = 0;
    const get = once(async () => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
      return tries;
    });
    const first = await Promise.allSettled([get(), get()]);
    assert.deepEqual(
      first.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal(await get(), 2);
  });
});
