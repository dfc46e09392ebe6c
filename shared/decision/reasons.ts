/** Reasons of a decision that are kept at most: the first ones, which say how it was come to, and the newest. */
const FIRST = 20;
const NEWEST = 40;

/**
 * The reasons of a decision with more of them, each once. Asks that come and go add to them without end, and a document
 * that is too large could no longer be written: neither would its steps go on, nor could they be undone.
 */
export const reasonsWith = (because: readonly string[], more: readonly string[]): string[] => {
  const all = [...because.filter((line) => !more.includes(line)), ...more];
  return all.length > FIRST + NEWEST ? [...all.slice(0, FIRST), ...all.slice(-NEWEST)] : all;
};
