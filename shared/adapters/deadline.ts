/**
 * Runs a call with a signal that ends it after `ms`, by a TimeoutError. For calls of which there may be many: what
 * `AbortSignal.timeout` belongs to is held until its time is over, however soon the call is.
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
