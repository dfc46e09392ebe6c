/**
 * What is worked out of a signal, kept until another is asked about: a dozen rules ask for the same, one after the other. `of`
 * must depend on nothing else. (A weak map of all signals costs more than it saves, in collecting garbage.)
 */
export const toldOnce = <Signal extends object, T>(of: (signal: Signal) => T): ((signal: Signal) => T) => {
  let kept: { signal: Signal; told: T } | undefined;
  return (signal) => {
    if (kept?.signal !== signal) kept = { signal, told: of(signal) };
    return kept.told;
  };
};

/** The same of what is worked out of two: kept until one of them is another. */
export const toldOfBoth = <A, B, T>(of: (a: A, b: B) => T): ((a: A, b: B) => T) => {
  let kept: { a: A; b: B; told: T } | undefined;
  return (a, b) => {
    if (kept === undefined || kept.a !== a || kept.b !== b) kept = { a, b, told: of(a, b) };
    return kept.told;
  };
};
