import type { Clock } from '../../../shared/ports.ts';

/** The instances of a function, of which each takes some messages at a time: `slots` altogether. */
export type Slots = {
  /** Runs the work when there is a slot; rejects with NoInstance where none becomes free in time. */
  take<T>(work: () => Promise<T>): Promise<T>;
  /** How often there was none in time. */
  refused(): number;
};

/** The 429 of Cloud Run: "no available instance". */
export class NoInstance extends Error {
  override readonly name = 'NoInstance';
}

/** How long Cloud Run lets a request wait for an instance, in ms. */
const PATIENCE_MS = 10_000;

/** Slots that are given in the order of asking. */
export const makeSlots = (clock: Clock, slots: number): Slots => {
  let free = slots;
  let refused = 0;
  const waiting: Array<() => void> = [];
  const turn = async (): Promise<boolean> => {
    if (free > 0) {
      free -= 1;
      return true;
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const called = (): void => resolve(true);
    waiting.push(called);
    void clock.sleep(PATIENCE_MS).then(() => {
      const place = waiting.indexOf(called);
      if (place < 0) return;
      waiting.splice(place, 1);
      resolve(false);
    });
    return promise;
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    take: async (work) => {
      if (!(await turn())) {
        refused += 1;
        throw new NoInstance('no instance became free in time');
      }
      try {
        return await work();
      } finally {
        leave();
      }
    },
    refused: () => refused,
  };
};
