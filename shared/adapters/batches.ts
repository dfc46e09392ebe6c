/** Sends one, alone or with others; resolves with what came back for it. */
export type Batch<T, R> = (one: T) => Promise<R>;

type Waiting<T, R> = { one: T; resolve(result: R): void; reject(thrown: unknown): void };

/** The most that is sent at once: the Pub/Sub client's own bounds, of messages and of bytes. */
const MOST = { items: 100, size: 1024 * 1024 };

/**
 * Sends what comes in the same moment together, and what comes while something is under way together after it: nobody waits
 * for others, and many cost little more than one. `send` gives a result or an error for each, in their order; where it throws, it
 * has failed for all of them.
 */
export const makeBatches = <T, R>(
  send: (all: readonly T[]) => Promise<ReadonlyArray<R | Error>>,
  sizeOf: (one: T) => number,
): Batch<T, R> => {
  let waiting: Array<Waiting<T, R>> = [];
  let running = false;

  const next = (): Array<Waiting<T, R>> => {
    let size = 0;
    const over = waiting.findIndex(({ one }, n) => {
      size += sizeOf(one);
      return n === MOST.items || (n > 0 && size > MOST.size);
    });
    const batch = over < 0 ? waiting : waiting.slice(0, over);
    waiting = over < 0 ? [] : waiting.slice(over);
    return batch;
  };

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = next();
      try {
        const results = await send(batch.map(({ one }) => one));
        batch.forEach(({ resolve, reject }, n) => {
          const result = results[n];
          if (result === undefined) reject(new Error(`nothing came back for ${n + 1} of ${batch.length}`));
          else if (result instanceof Error) reject(result);
          else resolve(result);
        });
      } catch (thrown) {
        for (const { reject } of batch) reject(thrown);
      }
    }
    running = false;
  };

  return (one) =>
    new Promise((resolve, reject) => {
      waiting.push({ one, resolve, reject });
      if (running) return;
      running = true;
      queueMicrotask(run);
    });
};
