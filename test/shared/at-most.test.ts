import { strict as assert } from 'node:assert';
import { setImmediate } from 'node:timers/promises';
import { atMost } from '../../shared/at-most.ts';

describe('atMost', () => {
  it('runs no more at once, in order, and goes on after a failure', async () => {
    const turn = atMost(2);
    const began: number[] = [];
    let running = 0;
    const work = (n: number) => async () => {
      began.push(n);
      running += 1;
      assert.ok(running <= 2);
      await setImmediate();
      running -= 1;
      if (n === 0) throw new Error('no');
      return n;
    };
    const ends = await Promise.allSettled([0, 1, 2, 3, 4].map((n) => turn(work(n))));
    assert.deepEqual(began, [0, 1, 2, 3, 4]);
    assert.deepEqual(
      ends.map((end) => (end.status === 'fulfilled' ? end.value : end.status)),
      ['rejected', 1, 2, 3, 4],
    );
    assert.equal(await turn(async () => 5), 5);
  });
});
