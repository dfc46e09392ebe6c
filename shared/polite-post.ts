import { Denied, Transient } from './errors.ts';
import type { Clock, HttpPost } from './ports.ts';
import { quote } from './text.ts';

/** The pause where a service says that it is asked too often, but not for how long to wait. */
const PAUSE_MS = 30_000;
const MAX_PAUSE_MS = 10 * 60_000;

/** The pause that `Retry-After` asks for (in seconds, or as a date), in ms from now. */
const pauseOf = (retryAfter: string | undefined, now: number): number => {
  const text = retryAfter?.trim() ?? '';
  const ms = /^\d{1,6}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, MAX_PAUSE_MS) : PAUSE_MS;
};

/** A longer pause is left to another delivery, since this one holds the incident's thread. */
const MAX_WAIT_MS = 10_000;

/**
 * An HttpPost that respects the pauses that a service asks for. It waits out a short pause; during a longer one it
 * throws Transient without a call. It also throws Transient on 5xx, and Denied on 401 and 403. Any other answer is for
 * the caller to read. `name` is the name of the service in sentences; each service needs its own HttpPost.
 */
export const makePolitePost = (
  name: string,
  { post, clock }: { post: HttpPost; clock: Pick<Clock, 'now' | 'sleep'> },
): HttpPost => {
  let pausedUntil = 0;

  /**
   * Waits until the service may be asked again, and returns how long. Throws Transient where that is over `most` ms.
   */
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
