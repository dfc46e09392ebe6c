import { strict as assert } from 'node:assert';
import { makeJoined } from '../../shared/joined.ts';

describe('joined', () => {
  it('shares a running call by its key, and starts a new one after it', async () => {
    const join = makeJoined<number>();
    let runs = 0;
    const work = async () => {
      runs += 1;
      const run = runs;
      await new Promise((resolve) => setImmediate(resolve));
      return run;
    };
    assert.deepEqual(await Promise.all([join('a', work), join('a', work), join('b', work)]), [1, 1, 2]);
    assert.equal(await join('a', work), 3);
  });

  it('shares a failure with those who joined, and not with later callers', async () => {
    const join = makeJoined<number>();
    const fail = async (): Promise<number> => {
      throw new Error('not now');
    };
    const both = await Promise.allSettled([join('a', fail), join('a', async () => 1)]);
    assert.deepEqual(
      both.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal(await join('a', async () => 2), 2);
  });
});
