import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../shared/ports.ts';

type Sleeper = { at: number; wake(): void };

/**
 * A clock that moves only when everything else waits. `drive` runs a promise to its end, or until nothing can move it
 * any further. The core's ports in tests settle in microtasks, so after one turn of the event loop only a sleeper can
 * continue.
 */
export type VirtualClock = Clock & {
  advance(ms: number): Promise<void>;
  drive<T>(promise: Promise<T>, mayStop?: () => boolean): Promise<Settled<T> | { settled: false }>;
};

type Settled<T> = { settled: true; value: T };

/** Watches a promise. The function gives its value once it has one, and throws what it was rejected with. */
export const watched = <T>(promise: Promise<T>): (() => Settled<T> | undefined) => {
  let outcome: Settled<T> | { failed: unknown } | undefined;
  promise.then(
    (value) => {
      outcome = { settled: true, value };
    },
    (failed: unknown) => {
      outcome = { failed };
    },
  );
  return () => {
    if (outcome !== undefined && 'failed' in outcome) throw outcome.failed;
    return outcome;
  };
};

/** Starts at `start` ms. `random` is determined by `seed`, so that a run can be replayed. */
export const virtualClock = (start = Date.parse('2026-03-02T03:00:00.000Z'), seed = 1): VirtualClock => {
  let now = start;
  let count = 0;
  // Ordered by when they wake; among equals, who fell asleep first wakes first.
  const sleepers: Sleeper[] = [];

  const next = (until: number): boolean => {
    const [first] = sleepers;
    if (first === undefined || first.at > until) return false;
    sleepers.shift();
    now = Math.max(now, first.at);
    first.wake();
    return true;
  };

  return {
    now: () => now,
    monotonic: () => now - start,
    random: () => {
      count += 1;
      return createHash('sha256').update(`${seed} ${count}`).digest('hex').slice(0, 32);
    },
    sleep: (ms) =>
      new Promise((wake) => {
        const at = now + ms;
        let place = sleepers.length;
        while ((sleepers[place - 1]?.at ?? at) > at) place -= 1;
        sleepers.splice(place, 0, { at, wake });
      }),
    advance: async (ms) => {
      const until = now + ms;
      do await setImmediate();
      while (next(until));
      now = until;
    },
    drive: async <T>(promise: Promise<T>, mayStop: () => boolean = () => false) => {
      const outcome = watched(promise);
      for (;;) {
        await setImmediate();
        const settled = outcome();
        if (settled !== undefined) return settled;
        if (mayStop()) return { settled: false };
        if (!next(Number.POSITIVE_INFINITY)) return { settled: false };
      }
    },
  };
};
