/** Does `one` with every item, so many of them at once. Resolves with the ms that it took. */
export const inParallel = async <T>(
  atOnce: number,
  items: readonly T[],
  one: (item: T, n: number) => Promise<unknown>,
): Promise<number> => {
  const began = performance.now();
  const left = items.entries();
  const work = async (): Promise<void> => {
    for (const [n, item] of left) await one(item, n);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return performance.now() - began;
};
