import { Denied, Transient } from './errors.ts';
import type { Clock, HttpPost } from './ports.ts';
import { quote } from './text.ts';

/** Where a service says that it is asked too often and not until when. */
const PAUSE_MS = 30_000;
const MAX_PAUSE_MS = 10 * 60_000;

/** `Retry-After`, in seconds or as a date, in ms from now. */
const pauseOf = (retryAfter: string | undefined, now: number): number => {
  const text = retryAfter?.trim() ?? '';
  const ms = /^\d{1,6}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, MAX_PAUSE_MS) : PAUSE_MS;
};

/** What is asked for beyond this is another delivery's: this one holds the incident's thread. */
const MAX_WAIT_MS = 10_000;

/**
 * An HttpPost that leaves a service alone for as long as it asked for: a little is waited for, and where it is more,
 * Transient is thrown without a call. So it is on 5xx; on 401 and 403 Denied. What it resolves with is for the caller to
 * read. `name` is what the service is called in sentences; each service has one of its own.
 */
export const makePolitePost = (
  name: string,
  { post, clock }: { post: HttpPost; clock: Pick<Clock, 'now' | 'sleep'> },
): HttpPost => {
  let pausedUntil = 0;

  /** Waits until the service may be asked again, for no more than `most` ms; gives how long that was. */
  const wait = async (most: number): Promise<number> => {
    const ms = Math.max(0, pausedUntil - clock.now());
    if (ms > most) {
      throw new Transient(`${name} is asked too often: it is left alone for ${Math.ceil(ms / 1000)} s`);
    }
    if (ms > 0) await clock.sleep(ms);
    return ms;
  };

  return async (request) => {
    for (let left = MAX_WAIT_MS; ; ) {
      left -= await wait(left);
      const answer = await post(request);
      const { status, body } = answer;
      const why = body === '' ? '' : `: ${quote(body, 300)}`;
      if (status === 401 || status === 403) throw new Denied(`${name} refused it (${status})${why}`);
      if (status >= 500) throw new Transient(`${name} answered ${status}${why}`);
      if (status !== 429) return answer;
      pausedUntil = Math.max(pausedUntil, clock.now() + pauseOf(answer.retryAfter, clock.now()));
    }
  };
};
