/**
 * Caches what `of` computes from a signal until another signal is asked about: a dozen rules ask for the same, one
 * after the other. `of` must depend on the signal alone. (A weak map of all signals costs more in garbage collection
 * than it saves.)
 */
export const toldOnce = <Signal extends object, T>(of: (signal: Signal) => T): ((signal: Signal) => T) => {
  let kept: { signal: Signal; told: T } | undefined;
  return (signal) => {
    if (kept?.signal !== signal) kept = { signal, told: of(signal) };
    return kept.told;
  };
};

/** The same for a function of two values: its result is kept until one of the two is another. */
export const toldOfBoth = <A, B, T>(of: (a: A, b: B) => T): ((a: A, b: B) => T) => {
  let kept: { a: A; b: B; told: T } | undefined;
  return (a, b) => {
    if (kept === undefined || kept.a !== a || kept.b !== b) kept = { a, b, told: of(a, b) };
    return kept.told;
  };
};
