/**
 * Runs a call that has `ms` to end. Then it throws a TimeoutError, whether or not the call heeds the signal that aborts
 * it: a client that first waits for a token hears no signal meanwhile. Meant for calls made in large numbers: whatever is
 * attached to an `AbortSignal.timeout` stays in memory until the time is over, even if the call ends early.
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
