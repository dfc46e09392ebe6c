import type { Clock } from '../ports.ts';

/** For how long, in ms, what was read need not be read again. Halts may be twice as old (section 5 of the design). */
const FRESH_MS = 1_000;

/** Answers to one kind of read, each kept for `FRESH_MS`; a failed one is not kept. */
export type KeptReads<T> = { ask(key: string, read: () => Promise<T>): Promise<T>; forget(): void };

/** Answers for a run that asks the same thing at several places within a second. */
export const keptReads = <T>(clock: Pick<Clock, 'now'>): KeptReads<T> => {
  const looks = new Map<string, { at: number; answer: Promise<T> }>();
  return {
    ask: (key, read) => {
      const known = looks.get(key);
      if (known !== undefined && clock.now() - known.at < FRESH_MS) return known.answer;
      const look = { at: clock.now(), answer: read() };
      looks.set(key, look);
      look.answer.catch(() => {
        if (looks.get(key) === look) looks.delete(key);
      });
      return look.answer;
    },
    forget: () => looks.clear(),
  };
};
