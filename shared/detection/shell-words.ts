/** A word of a command without its quotes and escapes, and the position after it. */
export type Word = { value: string; end: number };
/** The words of a command. `files`: the files that it is told to read from or write to by redirections. */
type Words = { words: Word[]; files: string[] };

/** The words of a command, as its shell would pass them on, without redirections. Takes time linear in the text. */
export const wordsOf = (text: string): Words => {
  const found: Words = { words: [], files: [] };
  let value: string | undefined;
  let isFile = false;
  const push = (end: number): void => {
    if (value === undefined) return;
    if (isFile) found.files.push(value);
    else found.words.push({ value, end });
    value = undefined;
    isFile = false;
  };
  for (let i = 0; i < text.length; i += 1) {
    const redirection = redirectionAt(text, i);
    if (redirection > 0) {
      // A descriptor's number before a redirection is not a word.
      if (value !== undefined && /^\d+$/.test(value)) value = undefined;
      push(i);
      isFile = true;
      i += redirection - 1;
    } else if (/[\s&]/.test(text.charAt(i))) push(i);
    else {
      const { letters, length } = lettersAt(text, i);
      value = `${value ?? ''}${letters}`;
      i += length - 1;
    }
  }
  push(text.length);
  return found;
};

/** The length of the redirection at this position; 0 where there is none. */
const redirectionAt = (text: string, at: number): number => {
  if (!/[<>]/.test(text.charAt(at)) || text.charAt(at + 1) === '(') return 0;
  let length = 1;
  while (/[<>&|]/.test(text.charAt(at + length)) && text.charAt(at + length + 1) !== '(') length += 1;
  return length;
};

/** The part of a word at this position: a letter, an escaped letter, or a quotation. */
const lettersAt = (text: string, at: number): { letters: string; length: number } => {
  const char = text.charAt(at);
  if (char === '\\') return { letters: text.charAt(at + 1), length: 2 };
  // A quotation mark that is never closed is a plain character.
  if ((char !== '"' && char !== "'") || text.indexOf(char, at + 1) < 0) return { letters: char, length: 1 };
  let end = at + 1;
  for (; end < text.length && text.charAt(end) !== char; end += 1) {
    if (char === '"' && text.charAt(end) === '\\') end += 1;
  }
  const inner = text.slice(at + 1, end);
  return { letters: char === '"' ? inner.replace(/\\(["\\$`])/g, '$1') : inner, length: end + 1 - at };
};
