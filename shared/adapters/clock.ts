import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../ports.ts';
import { randomHex } from './random.ts';

/** The machine's own clock and random numbers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms) => sleep(ms),
  random: randomHex,
};
