/** Gives the answer kept under `key` if it was asked for after `since` (ms since the epoch); else reads it anew. */
export type Recent<T> = (key: string, since: number, read: () => Promise<T>) => Promise<T>;

export type RecentOptions<T> = {
  now: () => number;
  /** The greatest age, ms, at which a kept answer is given again. */
  keptMs: number;
  /** The most answers that are kept; when there are as many, all are dropped. */
  most: number;
  /** Whether an answer is complete, with nothing to come; only such an answer is kept. */
  isWhole: (answer: T) => boolean;
};

/** Makes a Recent. It keeps an answer once that has arrived, and never a failure. */
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
