/**
 * Runs a call that has `ms` to end. Then it throws a TimeoutError, whether or not the call heeds the signal that aborts
 * it: a client that first waits for a token hears no signal meanwhile. Meant for calls made in large numbers: whatever
 * is attached to an `AbortSignal.timeout` stays in memory until the time is over, even if the call ends early.
 */
export const within = async <T>(ms: number, call: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const ending = new AbortController();
  const over = Promise.withResolvers<never>();
  const late = setTimeout(() => {
    const reason = new DOMException(`no answer within ${ms} ms`, 'TimeoutError');
    over.reject(reason);
    ending.abort(reason);
  }, ms);
  try {
    return await Promise.race([call(ending.signal), over.promise]);
  } finally {
    clearTimeout(late);
  }
};

/**
 * `within` for a call of a Google client library that has its own time limit of `ms`. After it the library sends
 * nothing, but it does not end its wait for a token, and a read that it repeats it ends with the last answer after one
 * more pause, of at most a quarter of the whole (each is 1.3 times the one before). So this limit is a quarter longer.
 */
export const withinLibrary = <T>(ms: number, call: () => Promise<T>): Promise<T> => within(1.25 * ms, call);
