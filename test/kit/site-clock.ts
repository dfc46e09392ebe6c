import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { type VirtualClock, virtualClock, watched } from './virtual-clock.ts';

const STEP_MS = 250;

/**
 * A clock for work that involves a real server: time stands still while a call is on its way, and otherwise moves by
 * itself. `between` is awaited whenever no call is on its way; the simulated controllers act there.
 */
export const siteClock = (start: number, onItsWay: () => number, between: () => Promise<void>): VirtualClock => {
  const clock = virtualClock(start);
  return {
    ...clock,
    drive: async <T>(promise: Promise<T>) => {
      const outcome = watched(promise);
      for (;;) {
        await setImmediate();
        const settled = outcome();
        if (settled !== undefined) return settled;
        if (onItsWay() > 0) await sleep(1);
        else {
          await between();
          if (outcome() === undefined && onItsWay() === 0) await clock.advance(STEP_MS);
        }
      }
    },
  };
};
