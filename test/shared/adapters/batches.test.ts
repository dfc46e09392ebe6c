import { strict as assert } from 'node:assert';
import { makeBatches } from '../../../shared/adapters/batches.ts';

/** A sender that records each batch, and answers it when `answer` is called. */
const sender = () => {
  const sent: number[][] = [];
  const answers: Array<() => void> = [];
  const send = async (all: readonly number[]): Promise<Array<number | Error>> => {
    sent.push([...all]);
    await new Promise<void>((resolve) => answers.push(resolve));
    if (all.includes(-1)) throw new Error('failed for all');
    return all.flatMap((n) => (n === 404 ? [] : [n === 0 ? new Error('not this one') : n * 10]));
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { sent, turn, batch: makeBatches(send, (n) => n), answer: () => answers.shift()?.() };
};

describe('batches', () => {
  it('sends requests of one moment together, and those made meanwhile together afterwards', async () => {
    const { sent, turn, batch, answer } = sender();
    const first = [batch(1), batch(2)];
    await turn();
    const second = [batch(3)];
    await turn();
    second.push(batch(4));
    assert.deepEqual(sent, [[1, 2]]);
    answer();
    assert.deepEqual(await Promise.all(first), [10, 20]);
    await turn();
    assert.deepEqual(sent, [
      [1, 2],
      [3, 4],
    ]);
    answer();
    assert.deepEqual(await Promise.all(second), [30, 40]);
    const third = batch(5);
    await turn();
    answer();
    assert.equal(await third, 50);
  });

  it('rejects a single failed item, or all items of a failed batch, and goes on with the next batch', async () => {
    const { turn, batch, answer } = sender();
    const one = Promise.allSettled([batch(1), batch(0)]);
    await turn();
    const all = Promise.allSettled([batch(1), batch(-1)]);
    answer();
    await turn();
    answer();
    assert.deepEqual(
      [await one, await all].map((batches) => batches.map(({ status }) => status)),
      [
        ['fulfilled', 'rejected'],
        ['rejected', 'rejected'],
      ],
    );
    const short = batch(404);
    await turn();
    answer();
    await assert.rejects(short, /nothing came back for 1 of 1/);
  });

  it('sends at most as much as fits into a batch, in order, and a large item alone', async () => {
    const { sent, turn, batch, answer } = sender();
    const large = 2 * 1024 * 1024;
    const all = [...Array.from({ length: 150 }, () => 1), large, 2].map((n) => batch(n));
    for (let n = 0; n < 4; n += 1) {
      await turn();
      answer();
    }
    await Promise.all(all);
    assert.deepEqual(
      sent.map((one) => one.length),
      [100, 50, 1, 1],
    );
    assert.deepEqual([sent[2], sent[3]], [[large], [2]]);
  });
});
