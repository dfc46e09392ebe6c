/** Longer texts are rare, and kept until another is asked about. */
const MAX_LENGTH = 4096;
/** What is kept at most before the older half is forgotten, in characters, with so many for what is worked out of each. */
const MAX_KEPT = 64 * 1024;
const OF_EACH = 64;

/**
 * What is worked out of a text, kept for those of late: the same few hundred callers, clients, methods, images and command
 * lines come again and again, and rules ask one after the other for those of an entry. `of` must depend on nothing else,
 * and nobody may change what it gives. Whoever sends texts that never come again makes it as slow as without, no slower,
 * and takes no more memory than is said above.
 */
export const toldOfText = <T>(of: (text: string) => T): ((text: string) => T) => {
  let last: { text: string; told: T } | undefined;
  // Two of them, so that what is in use outlives the forgetting without an order being kept.
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
