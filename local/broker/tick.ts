import { timeOf } from '../../shared/model/time.ts';
import type { Bus } from '../../shared/ports.ts';
import type { Timer } from './timer.ts';

/**
 * Publishes `{at}` to `tick` every `everyMs`, as Cloud Scheduler does each minute. Returns a function that stops it.
 */
export const startTick = (bus: Bus, timer: Timer, everyMs: number): (() => void) => {
  let callOff = (): void => {};
  const next = (): void => {
    callOff = timer.after(everyMs, () => {
      // A tick that could not be published is replaced by the next one.
      bus.publish('tick', { at: timeOf(timer.now()) }).catch(() => {});
      next();
    });
  };
  next();
  return () => callOff();
};
