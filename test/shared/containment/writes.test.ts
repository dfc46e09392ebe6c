import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { writesOf } from '../../../shared/containment/writes.ts';

/** Writes of a list; each takes a turn of its own, and fails where the next of `fails` says so. */
const kit = (fails: boolean[] = []) => {
  let stored: readonly number[] = [];
  const puts: Array<readonly number[]> = [];
  let running = 0;
  const writes = writesOf<readonly number[]>(async (change) => {
    running += 1;
    assert.equal(running, 1, 'one at a time');
    await new Promise((later) => setImmediate(later));
    running -= 1;
    if (fails.shift() === true) throw new Error('the store is not reached');
    stored = change(stored);
    puts.push(stored);
    return stored;
  });
  return { writes, puts, add: (n: number) => (list: readonly number[]) => [...list, n] };
};

describe('containment/writes', () => {
  it('go one after the other, and those that come while one is under way share the next', async () => {
    const { writes, puts, add } = kit();
    const first = writes.join(add(1));
    await undefined;
    const others = [2, 3, 4].map((n) => writes.join(add(n)));
    assert.deepEqual(await first, [1]);
    assert.deepEqual(await Promise.all(others), [
      [1, 2, 3, 4],
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
    assert.deepEqual(puts, [[1], [1, 2, 3, 4]]);
  });

  it('fail together, and do not keep those that come later from being written', async () => {
    const { writes, puts, add } = kit([false, true]);
    const first = writes.join(add(1));
    await undefined;
    const others = await Promise.allSettled([writes.join(add(2)), writes.join(add(3))]);
    assert.deepEqual(
      others.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    await first;
    assert.deepEqual(await writes.join(add(4)), [1, 4]);
    assert.deepEqual(puts, [[1], [1, 4]]);
  });

  it('of their own are joined by nothing that comes later', async () => {
    const { writes, puts, add } = kit();
    await Promise.all([writes.join(add(1)), writes.write(add(2)), writes.join(add(3)), writes.write(add(4))]);
    assert.deepEqual(puts, [
      [1, 3],
      [1, 3, 2],
      [1, 3, 2, 4],
    ]);
  });

  it('tell when the one under way is over, but not of one that can still be joined', async () => {
    const { writes, puts, add } = kit([true]);
    const failing = writes.join(add(1)).catch(() => undefined);
    await undefined;
    await writes.underWay();
    await failing;
    void writes.join(add(2));
    await writes.underWay();
    assert.deepEqual(puts, [], 'the second has not been written yet');
  });
});
