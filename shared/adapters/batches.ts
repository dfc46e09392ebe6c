/** Sends one item, alone or together with others; resolves with the result for this item. */
export type Batch<T, R> = (one: T) => Promise<R>;

type Waiting<T, R> = { one: T; resolve(result: R): void; reject(thrown: unknown): void };

/** Limits of one batch, in items and in bytes. They are the Pub/Sub client's own. */
const MOST = { items: 100, size: 1024 * 1024 };

/**
 * Sends items that arrive in the same moment as one batch, and items that arrive while a batch is under way as the next
 * one. No item waits for others to fill a batch, and a batch of many costs little more than one item. `send` returns a
 * result or an error for each item, in the same order; if `send` throws, every item of the batch fails with that error.
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
