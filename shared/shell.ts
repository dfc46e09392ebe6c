/** What a POSIX shell reads as itself. A word that begins with `-` is an option, with `~` a folder: both are ours to write. */
const BARE = /^[A-Za-z0-9_%+=:,./@^-]+$/;
const WIDTH = 92;
/** A line is not folded before there is this much of it. */
const LEAST = 24;

/** One word of a command line for a POSIX shell, whatever it holds: as it is, or in single quotes. */
export const shellWord = (word: string): string => (BARE.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** A command line for a POSIX shell from its words, folded between words where it is long. */
export const shellLine = (...words: readonly string[]): string => {
  const [first = '', ...rest] = words.map(shellWord);
  return rest.reduce((done, word) => {
    const last = done.slice(done.lastIndexOf('\n') + 1);
    return last.length >= LEAST && last.length + 1 + word.length > WIDTH ? `${done} \\\n  ${word}` : `${done} ${word}`;
  }, first);
};
