/**
 * What is worked out of a signal, kept as long as the signal: a dozen rules ask for the same. `of` must depend on nothing
 * else.
 */
export const toldOnce = <Signal extends object, T>(of: (signal: Signal) => T): ((signal: Signal) => T) => {
  const kept = new WeakMap<Signal, { told: T }>();
  return (signal) => {
    const known = kept.get(signal);
    if (known !== undefined) return known.told;
    const told = of(signal);
    kept.set(signal, { told });
    return told;
  };
};
