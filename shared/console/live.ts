import type { Clock } from '../ports.ts';

/** How often what is watched is looked at, however many watch it: the list is many documents, an incident is one. */
export const LOOK_MS = { list: 2000, incident: 1000 } as const;
/** A browser comes again by itself, and is then asked again who it is. */
const LONGEST_MS = 10 * 60_000;
const BEAT_MS = 15_000;
/** Streams at a time: more would keep pages from being answered. */
const MOST = 200;

/** What is watched: by which name, how to look at it, and how often, in ms. */
export type Look = { key: string; everyMs: number; see: () => Promise<string> };

export type Live = {
  /** Why no more can be watched; undefined where it can. */
  full(): string | undefined;
  /** Writes server-sent events until `signal`: what `look` gives, at once and whenever it is another. */
  follow(look: Look, write: (text: string) => void, signal: AbortSignal): Promise<void>;
};

/** Tells browsers that what they show has changed. All that watch the same share one look. */
export const makeLive = (clock: Pick<Clock, 'monotonic' | 'sleep'>): Live => {
  const looks = new Map<string, { at: number; seen: Promise<string> }>();
  let streams = 0;

  const shared = ({ key, everyMs, see }: Look): Promise<string> => {
    const last = looks.get(key);
    if (last !== undefined && clock.monotonic() - last.at < everyMs / 2) return last.seen;
    const seen = see();
    looks.set(key, { at: clock.monotonic(), seen });
    return seen;
  };

  return {
    full: () => (streams >= MOST ? 'too many watch already: reload the page to see what has changed' : undefined),
    follow: async (look, write, signal) => {
      streams += 1;
      const began = clock.monotonic();
      let told: string | undefined;
      let beat = began;
      try {
        write('retry: 2000\n\n');
        while (!signal.aborted && clock.monotonic() - began < LONGEST_MS) {
          // What cannot be read now is read the next time; a page that is old for a moment beats one that gives up.
          const seen = await shared(look).catch(() => told);
          if (seen !== undefined && seen !== told) {
            told = seen;
            write(`event: state\ndata: ${seen}\n\n`);
          } else if (clock.monotonic() - beat > BEAT_MS) {
            beat = clock.monotonic();
            write(': still here\n\n');
          }
          await clock.sleep(look.everyMs);
        }
      } finally {
        streams -= 1;
        if (streams === 0) looks.clear();
      }
    },
  };
};
