import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import sinon from 'sinon';
import { within } from '../../../shared/adapters/deadline.ts';

const DAY_MS = 86_400_000;

describe('a call with a deadline', () => {
  it('returns the result of the call, and clears its timer however the call ends', async () => {
    const timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let during = 0;
      const call = async (): Promise<string> => {
        during = timers.countTimers();
        return 'answer';
      };
      assert.equal(await within(DAY_MS, call), 'answer');
      assert.deepEqual([during, timers.countTimers()], [1, 0]);
      await assert.rejects(
        within(DAY_MS, () => Promise.reject(new Error('refused'))),
        /refused/,
      );
      assert.equal(timers.countTimers(), 0);
    } finally {
      timers.restore();
    }
  });

  const heeding = (signal: AbortSignal) => sleep(DAY_MS, undefined, { signal });
  const deaf = () => new Promise<never>(() => {});
  for (const [what, endless] of [
    ['that heeds its signal', heeding],
    ['that does not', deaf],
  ] as const)
    it(`ends a call without an answer by a TimeoutError, one ${what}`, async () => {
      const thrown = await within(5, endless).catch((error: unknown) => error);
      assert.ok(thrown instanceof DOMException);
      assert.equal(thrown.name, 'TimeoutError');
    });
});
