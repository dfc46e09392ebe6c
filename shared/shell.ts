/** Words that a POSIX shell reads literally. A word that begins with `-` stays an option, so only we may write one. */
const BARE = /^[A-Za-z0-9_%+=:,./@^-]+$/;
const WIDTH = 92;
/** A line that is shorter than this is not folded. */
const LEAST = 24;

/** One word of a command line for a POSIX shell: as it is where that is safe, else in single quotes. */
export const shellWord = (word: string): string => (BARE.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** A command line for a POSIX shell from its words, folded between words where it is long. */
export const shellLine = (...words: readonly string[]): string => {
  const [first = '', ...rest] = words.map(shellWord);
  return rest.reduce((done, word) => {
    const last = done.slice(done.lastIndexOf('\n') + 1);
    return last.length >= LEAST && last.length + 1 + word.length > WIDTH ? `${done} \\\n  ${word}` : `${done} ${word}`;
  }, first);
};
