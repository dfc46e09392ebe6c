/** Reads, or gives again what was read under the same `key` when that was asked for after `since` (ms since the epoch). */
export type Recent<T> = (key: string, since: number, read: () => Promise<T>) => Promise<T>;

export type RecentOptions<T> = {
  now: () => number;
  /** An answer is no older than this when it is given again, ms. */
  keptMs: number;
  /** Answers kept at most; beyond that all are read anew. */
  most: number;
  /** Whether an answer tells all that there will be to tell: any other is read anew. */
  isWhole: (answer: T) => boolean;
};

/** Answers are kept once they are there; a failure is not. */
export const makeRecent = <T>({ now, keptMs, most, isWhole }: RecentOptions<T>): Recent<T> => {
  const kept = new Map<string, { asked: number; answer: T }>();
  return async (key, since, read) => {
    const known = kept.get(key);
    const asked = now();
    if (known !== undefined && known.asked > Math.max(since, asked - keptMs)) return known.answer;
    const answer = await read();
    if (kept.size >= most) kept.clear();
    if (isWhole(answer)) kept.set(key, { asked, answer });
    return answer;
  };
};
