/**
 * Runs a call with a signal that aborts it after `ms` with a TimeoutError. Meant for calls made in large numbers:
 * whatever is attached to an `AbortSignal.timeout` stays in memory until the time is over, even if the call ends early.
 */
export const within = async <T>(ms: number, call: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const ending = new AbortController();
  const late = setTimeout(() => ending.abort(new DOMException(`no answer within ${ms} ms`, 'TimeoutError')), ms);
  try {
    return await call(ending.signal);
  } finally {
    clearTimeout(late);
  }
};
