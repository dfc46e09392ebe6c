import { setImmediate } from 'node:timers/promises';
import type { Timer } from '../../../local/broker/timer.ts';

/** A timer that a test turns by hand. */
export type FakeTimer = Timer & {
  /** Moves time on without running anything. */
  advance(ms: number): void;
  /** Lets what is already due to run in this process run. */
  settle(): Promise<void>;
  /** Runs the earliest piece of waiting work; gives the ms it had waited, or undefined where none waits. */
  next(): Promise<number | undefined>;
  /** Runs everything, and what that brings, until nothing waits; gives the waits in order. */
  runAll(): Promise<number[]>;
};

/** Starts at the beginning of 2026-03-01. */
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
