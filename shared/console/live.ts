import type { Clock } from '../ports.ts';

/** How often the store is read for a page, ms, however many watch it: the list is many documents, not one. */
export const LOOK_MS = { list: 2000, incident: 1000 } as const;
/** Longest time of a stream. The browser then reconnects by itself, and its identity is checked again. */
const LONGEST_MS = 10 * 60_000;
const BEAT_MS = 15_000;
/**
 * Streams of an instance at a time. Each occupies one of the concurrent requests of an instance
 * (terraform/functions.tf). The others are kept free for pages and for requests of operators, a halt above all.
 */
export const MOST_STREAMS = 30;
/** Streams of one visitor at a time, one per window, so that nobody alone keeps the others from watching. */
export const MOST_OF_ONE = 6;

/** Something to watch: its name, how often to look, in ms, and how to look. */
type Look = { key: string; everyMs: number; see: () => Promise<string> };

/** Writes server-sent events until `signal`: what is seen, at once and whenever it changes. */
type Stream = (write: (text: string) => void, signal: AbortSignal) => Promise<void>;

type Live = {
  /**
   * Reserves a place for a watcher, or says why there is none. The place is taken until the stream ends, so the stream
   * must be started. `who`: the visitor whose places are counted; undefined if visitors are not distinguished.
   */
  follow(look: Look, who: string | undefined): { stream: Stream } | { refused: 'all' | 'one'; because: string };
};

/** Tells browsers when what they show has changed. All watchers of the same thing share one look. */
export const makeLive = (clock: Pick<Clock, 'monotonic' | 'sleep'>): Live => {
  const looks = new Map<string, { at: number; seen: Promise<string> }>();
  let streams = 0;
  const streamsOf = new Map<string, number>();

  /** Counts a stream, and returns a function that ends the counting. */
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
          // If the store cannot be read now, try again the next time: better an old page for a moment than none.
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
