import { strict as assert } from 'node:assert';
import { makeRecent } from '../../shared/recent.ts';

const reads = (over: { isWhole?: (answer: string) => boolean; most?: number } = {}) => {
  let [now, count] = [1_000, 0];
  const recent = makeRecent<string>({ now: () => now, keptMs: 100, most: 10, isWhole: () => true, ...over });
  const read = async (): Promise<string> => {
    count += 1;
    now += 5;
    return `answer ${count}`;
  };
  return {
    ask: (since: number, key = 'a') => recent(key, since, read),
    fail: (since: number) => recent('a', since, () => Promise.reject(new Error('not now'))),
    at: (ms: number) => {
      now = ms;
    },
  };
};

describe('recent', () => {
  it('reuses an answer for a caller who needs nothing newer than the start of its read', async () => {
    const { ask } = reads();
    assert.equal(await ask(900), 'answer 1');
    assert.equal(await ask(999), 'answer 1');
    assert.equal(await ask(1_000), 'answer 2', 'asked at the same time: which came first is not known');
    assert.equal(await ask(1_003), 'answer 2');
    assert.equal(await ask(900, 'b'), 'answer 3');
  });

  it('counts from the start of a read, not from its answer', async () => {
    const { ask } = reads();
    await ask(900);
    assert.equal(await ask(1_002), 'answer 2');
  });

  it('reads again when an answer is too old', async () => {
    const { ask, at } = reads();
    await ask(0);
    at(1_099);
    assert.equal(await ask(0), 'answer 1');
    at(1_100);
    assert.equal(await ask(0), 'answer 2');
  });

  it('keeps no failure and no incomplete answer', async () => {
    const { ask, fail } = reads({ isWhole: (answer) => answer !== 'answer 1' });
    await assert.rejects(fail(0), /not now/);
    assert.equal(await ask(0), 'answer 1');
    assert.equal(await ask(0), 'answer 2');
    assert.equal(await ask(0), 'answer 2');
  });

  it('keeps only the newest answers', async () => {
    const { ask } = reads({ most: 2 });
    for (const key of ['a', 'b', 'c']) await ask(0, key);
    assert.equal(await ask(0, 'c'), 'answer 3');
    assert.equal(await ask(0, 'a'), 'answer 4');
  });
});
