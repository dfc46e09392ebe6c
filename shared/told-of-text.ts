/** Longer texts are rare. Of these only the last is kept. */
const MAX_LENGTH = 4096;
/** The most that is kept, in characters, before the older half is forgotten. Each result counts as OF_EACH. */
const MAX_KEPT = 64 * 1024;
const OF_EACH = 64;

/**
 * Caches what `of` computes from recent texts: the same few hundred callers, clients, methods, images and command lines
 * come again and again, and many rules ask about those of one entry. `of` must depend on the text alone, and nobody may
 * change its result. A sender of ever new texts makes it no slower than without the cache, and takes no more memory
 * than the limits above allow.
 */
export const toldOfText = <T>(of: (text: string) => T): ((text: string) => T) => {
  let last: { text: string; told: T } | undefined;
  // With two maps, texts in use survive when the older map is dropped, and no order need be kept.
  let kept = new Map<string, { text: string; told: T }>();
  let older: typeof kept = new Map();
  let size = 0;
  return (text) => {
    if (last?.text === text) return last.told;
    if (text.length > MAX_LENGTH) {
      last = { text, told: of(text) };
      return last.told;
    }
    let known = kept.get(text);
    if (known === undefined) {
      known = older.get(text) ?? { text, told: of(text) };
      size += text.length + OF_EACH;
      if (size > MAX_KEPT) {
        [older, kept, size] = [kept, new Map(), text.length + OF_EACH];
      }
      kept.set(text, known);
    }
    last = known;
    return known.told;
  };
};
