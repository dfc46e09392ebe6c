/**
 * Control characters, line and paragraph separators, and all characters that are invisible or reorder text:
 * bidirectional marks and overrides, zero-width and filler characters, variation selectors, tags, halves of surrogate
 * pairs.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+/gu;

/** Text without any of these, as nearly every text is. */
const PRINTABLE = /^[\u0020-\u007e]*$/;

/**
 * Foreign text made safe to show, at most `max` UTF-16 units. A run of control characters, line ends and marks that
 * hide or reorder text becomes one space. An ellipsis marks text that is cut off at the end.
 */
export const plain = (text: string, max = 1000): string => {
  if (text.length <= max && PRINTABLE.test(text)) return text.trim();
  // A run of marks is one space, so a wider cut first bounds the work, whatever the length of the text.
  const clean = text
    .slice(0, 4 * max)
    .replace(UNPRINTABLE, ' ')
    .trim();
  if (clean.length <= max && text.length <= 4 * max) return clean;
  const kept = clean.slice(0, Math.max(0, max - 1));
  // Never half of a surrogate pair.
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
};

/** Text with one space in place of each run of white space, and none around it. */
export const spaced = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** A number with what it counts: `1 exhibit`, `11 exhibits`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** Foreign text as a quotation within a sentence, quotation marks included: at most `max` + 2 characters. */
export const quote = (text: string, max = 200): string => {
  const shown = plain(text, max);
  return `"${shown.includes('"') ? shown.replaceAll('"', "'") : shown}"`;
};

/**
 * Foreign text as a line of its own in a notice. What our own lines give to be copied begins with `$ `: foreign text
 * that does so as well is quoted, so that nobody takes it for a command of ours.
 */
export const asSaid = (text: string): string => (plain(text).startsWith('$') ? quote(text, 1000) : text);
