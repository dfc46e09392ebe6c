import { setImmediate } from 'node:timers/promises';
import type { Timer } from '../../../local/broker/timer.ts';

/** A timer that only a test moves. */
export type FakeTimer = Timer & {
  /** Moves the time on without running anything. */
  advance(ms: number): void;
  /** Lets work finish that is already due in this process. */
  settle(): Promise<void>;
  /** Runs the earliest waiting work and returns its delay in ms, or undefined if none waits. */
  next(): Promise<number | undefined>;
  /** Runs everything, and what that schedules, until nothing waits. Returns the delays in order. */
  runAll(): Promise<number[]>;
};

/** Starts at 2026-03-01, 00:00 UTC. */
export const makeFakeTimer = (): FakeTimer => {
  let now = Date.parse('2026-03-01T00:00:00.000Z');
  const waiting = new Set<{ due: number; ms: number; work: () => void }>();
  const settle = async (): Promise<void> => {
    await setImmediate();
    await setImmediate();
  };
  const next = async (): Promise<number | undefined> => {
    await settle();
    const [first] = [...waiting].sort((a, b) => a.due - b.due);
    if (first === undefined) return undefined;
    waiting.delete(first);
    now = Math.max(now, first.due);
    first.work();
    await settle();
    return first.ms;
  };
  return {
    now: () => now,
    after: (ms, work) => {
      const entry = { due: now + ms, ms, work };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
    advance: (ms) => {
      now += ms;
    },
    settle,
    next,
    runAll: async () => {
      const waits: number[] = [];
      for (let ms = await next(); ms !== undefined; ms = await next()) waits.push(ms);
      return waits;
    },
  };
};
