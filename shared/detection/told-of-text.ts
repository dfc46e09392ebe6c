/** Longer texts are rare, and not kept: so little memory is enough. */
const MAX_LENGTH = 4096;
const MAX_KEPT = 32;

/**
 * What is worked out of a text, kept for the last few: rules ask one after the other for the same command lines of an
 * entry. `of` must depend on nothing else, and nobody may change what it gives.
 */
export const toldOfText = <T extends object | string>(of: (text: string) => T): ((text: string) => T) => {
  const kept = new Map<string, T>();
  return (text) => {
    if (text.length > MAX_LENGTH) return of(text);
    const known = kept.get(text);
    if (known !== undefined) return known;
    const told = of(text);
    const [oldest] = kept.size < MAX_KEPT ? [] : kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
    kept.set(text, told);
    return told;
  };
};
