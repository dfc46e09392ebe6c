/** The most variables of a line that are followed, and the longest value of one. */
const MAX_VARIABLES = 64;
/** How much longer a line may become by its variables. */
const MAX_GROWTH = 16 * 1024;

const ASSIGNED = /(?<![\w$])([A-Za-z_]\w{0,60})=(?:'([^'\n]{1,256})'|"([^"\n$`]{1,256})"|([^\s;&|'"`$()<>]{1,256}))/g;
const NAMED = /\$(?:\{([A-Za-z_]\w{0,60})\}|([A-Za-z_]\w{0,60}))/g;
/** A letter by its number, as `$'\x78'`, printf and echo -e write it. */
const NUMBERED = /\\(?:x([2-7][0-9a-fA-F])|0?([01][0-7]{2}))/g;
/** Every letter but those by which a shell ends what it quotes, and what it would replace again. */
const PLAIN = /[ -~](?<!["'`\\$])/;
/** The value of a variable that the line does not set, and a word that a command of its own only repeats. */
const DEFAULT = /\$\{[A-Za-z_]\w{0,60}:?-([\w./:@+=-]{1,64})\}/g;
const REPEATED = /(?:\$\(|`)(?:echo|printf)\s{1,4}(?:-[ne]{1,2}\s{1,4})?["']?([\w./:@+=-]{1,64})["']?[)`]/g;

/**
 * A line as its shell expands it, as far as the line itself tells: spaces by `$IFS`, letters by their numbers,
 * variables by the last value that the line gives them or by their default, and words that are only repeated. Takes
 * time linear in the line.
 */
export const expanded = (line: string): string => {
  const joined = line.replace(/(?<=[\w./-])\\\n/g, '');
  const lettered = joined.includes('\\') ? withLetters(joined) : joined;
  const repeated = /[$`]/.test(lettered) ? lettered.replace(REPEATED, '$1') : lettered;
  return repeated.includes('$') ? withVariables(withSpaces(repeated)).replace(DEFAULT, '$1') : repeated;
};

const withLetters = (line: string): string =>
  line
    .replace(NUMBERED, (written, hex: string | undefined, octal: string | undefined) => {
      const letter = String.fromCharCode(
        hex === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hex, 16),
      );
      return PLAIN.test(letter) ? letter : written;
    })
    .replace(/(?<![\w$])\$(?=')/g, '');

/** The shell turns these variables into spaces. */
const withSpaces = (line: string): string => line.replace(/(?:\$IFS\b|\$\{IFS[^}\s]{0,20}\})(?:\$[\d@*])?/g, ' ');

const withVariables = (line: string): string => {
  if (!line.includes('=')) return line;
  const values = new Map<string, string>();
  for (const [, name = '', single, double, bare] of line.matchAll(ASSIGNED)) {
    if (values.size === MAX_VARIABLES) break;
    values.set(name, single ?? double ?? bare ?? '');
  }
  if (values.size === 0) return line;
  let left = MAX_GROWTH;
  return line.replace(NAMED, (written, braced: string | undefined, plain: string | undefined) => {
    const value = values.get(braced ?? plain ?? '');
    if (value === undefined || value.length > left) return written;
    left -= value.length;
    return value;
  });
};
