import type { Clock } from '../ports.ts';

/** How often what is watched is looked at, however many watch it: the list is many documents, an incident is one. */
export const LOOK_MS = { list: 2000, incident: 1000 } as const;
/** A browser comes again by itself, and is then asked again who it is. */
const LONGEST_MS = 10 * 60_000;
const BEAT_MS = 15_000;
/**
 * Streams of an instance at a time. Each holds one of the requests that an instance takes at once (terraform/functions.tf):
 * the others are for pages and for what is asked, a halt above all.
 */
export const MOST_STREAMS = 30;
/** Of these, for one visitor: their windows. Nobody alone keeps the others from watching. */
export const MOST_OF_ONE = 6;

/** What is watched: by which name, how to look at it, and how often, in ms. */
export type Look = { key: string; everyMs: number; see: () => Promise<string> };

/** Writes server-sent events until `signal`: what is watched, at once and whenever it is another. */
export type Stream = (write: (text: string) => void, signal: AbortSignal) => Promise<void>;

export type Live = {
  /**
   * A place among those that watch, which is taken until the stream ends, so it must be begun; or why there is none.
   * `who`: whose places are counted; undefined where nobody is told apart.
   */
  follow(look: Look, who: string | undefined): { stream: Stream } | { refused: 'all' | 'one'; because: string };
};

/** Tells browsers that what they show has changed. All that watch the same share one look. */
export const makeLive = (clock: Pick<Clock, 'monotonic' | 'sleep'>): Live => {
  const looks = new Map<string, { at: number; seen: Promise<string> }>();
  let streams = 0;
  const streamsOf = new Map<string, number>();

  /** Counts a stream, and gives how to count it no longer. */
  const counted = (who: string | undefined): (() => void) => {
    streams += 1;
    if (who !== undefined) streamsOf.set(who, (streamsOf.get(who) ?? 0) + 1);
    return () => {
      streams -= 1;
      if (streams === 0) looks.clear();
      if (who === undefined) return;
      const left = (streamsOf.get(who) ?? 0) - 1;
      if (left > 0) streamsOf.set(who, left);
      else streamsOf.delete(who);
    };
  };

  const shared = ({ key, everyMs, see }: Look): Promise<string> => {
    const last = looks.get(key);
    if (last !== undefined && clock.monotonic() - last.at < everyMs / 2) return last.seen;
    const seen = see();
    looks.set(key, { at: clock.monotonic(), seen });
    return seen;
  };

  const streamOf =
    (look: Look, leave: () => void): Stream =>
    async (write, signal) => {
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
        leave();
      }
    };

  return {
    follow: (look, who) => {
      if (streams >= MOST_STREAMS)
        return {
          refused: 'all',
          because: 'Too many windows are open on the console: reload the page to see what has changed.',
        };
      if (who !== undefined && (streamsOf.get(who) ?? 0) >= MOST_OF_ONE)
        return {
          refused: 'one',
          because: `${who} has ${MOST_OF_ONE} windows open on the console: close one, or reload the page to see what has changed.`,
        };
      return { stream: streamOf(look, counted(who)) };
    },
  };
};
