import { strict as assert } from 'node:assert';
import { alternate } from './alternate.ts';
import { inParallel } from './in-parallel.ts';
import { median } from './median.ts';
import { ROWS } from './registry.ts';

describe('the bench', () => {
  it('takes the middle of what it measured', () => {
    assert.equal(median([5]), 5);
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 1, 2, 3]), 3);
    assert.throws(() => median([]), /nothing was measured/);
  });

  it('measures by turns, and divides the medians', async () => {
    const order: string[] = [];
    const figures = (name: string, values: number[]) => async () => {
      order.push(name);
      return values.shift() ?? 0;
    };
    const { ratio, raw } = await alternate(
      3,
      'ms',
      ['ours', figures('a', [2, 100, 4])],
      ['theirs', figures('b', [1, 2, 1])],
    );
    assert.deepEqual(order, ['a', 'b', 'b', 'a', 'a', 'b']);
    assert.equal(ratio, 4);
    assert.deepEqual(
      raw.map(({ values }) => values),
      [
        [2, 100, 4],
        [1, 2, 1],
      ],
    );
  });

  it('does everything once, and so much at once', async () => {
    const [done, running]: [string[], Set<string>] = [[], new Set()];
    let most = 0;
    await inParallel(2, ['a', 'b', 'c', 'd', 'e'], async (item, n) => {
      running.add(item);
      most = Math.max(most, running.size);
      await new Promise((resolve) => setImmediate(resolve));
      running.delete(item);
      done.push(`${item}${n}`);
    });
    assert.deepEqual(done.toSorted(), ['a0', 'b1', 'c2', 'd3', 'e4']);
    assert.equal(most, 2);
  });

  it('has one name for each row', () => {
    assert.equal(new Set(ROWS.map(({ name }) => name)).size, ROWS.length);
  });
});
