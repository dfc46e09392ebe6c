import { strict as assert } from 'node:assert';
import { patience } from '../../../shared/containment/patience.ts';

/**
 * A process with timers: `blocked` passes time in which it cannot do anything, and what is due fires once afterwards.
 */
const makeProcess = () => {
  let now = 0;
  let timers: Array<{ at: number; wake(): void }> = [];
  const passed = async (ms: number): Promise<void> => {
    now += ms;
    const due = timers.filter(({ at }) => at <= now);
    timers = timers.filter(({ at }) => at > now);
    for (const { wake } of due) wake();
    await new Promise(setImmediate);
  };
  const after = (ms: number): Promise<void> =>
    new Promise((wake) => {
      timers.push({ at: now + ms, wake });
    });
  return { after, passed };
};

describe('containment/patience', () => {
  it('ends after its time, and not before', async () => {
    const { after, passed } = makeProcess();
    let isOver = false;
    const waited = patience(after, 1200).then(() => {
      isOver = true;
    });
    for (const ms of [500, 500, 100]) await passed(ms);
    assert.equal(isOver, false);
    await passed(100);
    assert.equal(isOver, true);
    await waited;
  });

  it('is not used up by a block of its process', async () => {
    const { after, passed } = makeProcess();
    let isOver = false;
    void patience(after, 5000).then(() => {
      isOver = true;
    });
    await passed(8000);
    assert.equal(isOver, false);
    for (let piece = 0; piece < 9; piece += 1) await passed(500);
    assert.equal(isOver, true);
  });
});
