/**
 * A command of a line, as written, and the separator before it. A command substituted within its words becomes a
 * command of its own after this one, and leaves `$()` (of a process substitution, `<()` or `>()`) in its place.
 */
export type ShellCommand = { before: string; text: string };

/** `parentheses`: the number of open parentheses that are plain characters, as in `find / ( -name a )`. */
type Open = ShellCommand & { parentheses: number };
type Frame = { within: Open; quote: string; closer: string };
type Scan = {
  line: string;
  inShell: boolean;
  at: number;
  start: number;
  quote: string;
  lastQuotes: Readonly<Record<string, number>>;
  hasCase: boolean;
  current: Open;
  frames: Frame[];
  commands: Open[];
};

/**
 * The commands of a line, in the order in which they begin: the parts between `;`, `&`, `&&`, `||`, `|` and line ends
 * that stand outside quotes, and the commands substituted within them. `inShell`: a shell reads the line exactly as it
 * is, with its quotes. Takes time linear in the line.
 */
export const shellCommands = (line: string, inShell: boolean): ShellCommand[] => {
  const first: Open = { before: '', text: '', parentheses: 0 };
  const lastQuotes = { '"': line.lastIndexOf('"'), "'": line.lastIndexOf("'") };
  const rest = { hasCase: /\bcase\s/.test(line), at: 0, start: 0, quote: '', frames: [] };
  const scan: Scan = { line, inShell, lastQuotes, current: first, commands: [first], ...rest };
  while (scan.at < line.length) scan.at += step(scan);
  scan.current.text += line.slice(scan.start);
  return scan.commands.filter(({ before, text }) => before !== '' || text !== '');
};

/** Processes the character at the current position and returns how many characters are done. */
const step = (scan: Scan): number => {
  const { line, at, quote } = scan;
  const char = line.charAt(at);
  const next = line.charAt(at + 1);
  if (char === '\\' && quote !== "'") return 2;
  if (quote === "'") return unquoted(scan, char);
  if (char === '`') return scan.frames.at(-1)?.closer === '`' ? leave(scan) : enter(scan, '`');
  if (char === '$' && next === '(') return enter(scan, '$(');
  if (quote === '"') return unquoted(scan, char);
  if (char === '"' || char === "'") {
    // A quotation mark that is never closed is a plain character, so that it hides nothing behind it.
    if ((scan.lastQuotes[char] ?? -1) > at) scan.quote = char;
    return 1;
  }
  if ((char === '<' || char === '>') && next === '(') return enter(scan, `${char}(`);
  if (char === '(') return isFirst(scan) ? enter(scan, '(') : parenthesis(scan, 1);
  if (char === ')') return closes(scan);
  const length = separator(scan);
  if (length > 0) begin(scan, length);
  return length || 1;
};

const unquoted = (scan: Scan, char: string): number => {
  if (char === scan.quote) scan.quote = '';
  return 1;
};

const parenthesis = (scan: Scan, by: 1 | -1): number => {
  scan.current.parentheses += by;
  return 1;
};

const closes = (scan: Scan): number => {
  if (scan.current.parentheses > 0) return parenthesis(scan, -1);
  const endsPattern = scan.hasCase && (scan.current.before === ';;' || /^\s*case\s/.test(beginning(scan)));
  if (!endsPattern && scan.frames.at(-1)?.closer === ')') return leave(scan);
  begin(scan, 1);
  if (scan.hasCase) dropPattern(scan.commands);
  return 1;
};

const beginning = ({ line, start, at, current }: Scan): string => (current.text || line.slice(start, at)).slice(0, 40);

/**
 * Drops what stands before a `)` in a `case`: it is a pattern, though it looks like programs with bars between them.
 */
const dropPattern = (commands: readonly Open[]): void => {
  for (let i = commands.length - 2; i >= 0; i -= 1) {
    const command = commands[i];
    if (command === undefined || !/^\s*[\w.*?[\]+-]{1,60}\s*$/.test(command.text)) return;
    command.text = '';
    if (command.before !== '|') return;
  }
};

/** Whether nothing of the command has been read yet except keywords that may stand before a command. */
const isFirst = ({ line, at, start, current }: Scan): boolean =>
  current.text === '' &&
  at - start < 40 &&
  /^\s*(?:(?:do|then|else|elif|if|while|until|time|!|\{)\s+)*$/.test(line.slice(start, at));

const begin = (scan: Scan, length: number): void => {
  const { line, at, start, commands } = scan;
  scan.current.text += line.slice(start, at);
  scan.current = { before: line.slice(at, at + length), text: '', parentheses: 0 };
  scan.start = at + length;
  commands.push(scan.current);
};

/** Enters a command that is run within another. Backticks and `$(` begin one between double quotes too. */
const enter = (scan: Scan, opener: '`' | '$(' | '<(' | '>(' | '('): number => {
  const { current, quote, frames } = scan;
  begin(scan, opener.length);
  if (opener !== '(') current.text += opener === '`' ? '$()' : `${opener})`;
  frames.push({ within: current, quote, closer: opener === '`' ? '`' : ')' });
  scan.quote = '';
  return opener.length;
};

const leave = (scan: Scan): number => {
  const { line, at, start, frames } = scan;
  scan.current.text += line.slice(start, at);
  const frame = frames.pop();
  scan.current = frame?.within ?? scan.current;
  scan.quote = frame?.quote ?? '';
  scan.start = at + 1;
  return 1;
};

/** The length of the separator at the current position; 0 where there is none. */
const separator = (scan: Scan): number => {
  const { line, at } = scan;
  const char = line.charAt(at);
  const next = line.charAt(at + 1);
  const before = line.charAt(at - 1);
  if (char === '\n') return 1;
  if (char === ';') return next === ';' ? 2 : 1;
  // In `2>&1`, `<&3` and `&>` the ampersand belongs to a redirection.
  if (char === '&') return next === '&' ? 2 : before === '>' || before === '<' || next === '>' ? 0 : 1;
  if (char !== '|' || before === '>') return 0;
  if (next === '|' || next === '&') return 2;
  return isInPattern(scan) ? 0 : 1;
};

const SEARCHES = /(?:^|[\s/])(?:[efz]?grep|rg|pgrep|pkill|killall|sed|[gmn]?awk|find)\s/;
/** A search command and the beginning of its pattern, with nothing but options between them. */
const BEGUN = /(?:^|[\s/])(?:[efz]?grep|rg|pgrep|pkill|killall)(?:\s{1,8}-\S{1,20}){0,4}\s{1,8}[\w.|-]{1,200}$/;
/** Words separated by bars up to the end of the command. */
const ALTERNATIVES = /^(?:\|[\w.-]{1,60}){1,20}\s{0,8}(?:$|[;&|)\n])/;
const INTERPRETERS = /\|(?:(?:ba|da|z|k|a)?sh|python|perl|php|ruby|node|xargs|base64|tee)/;
const MAX_PATTERN = 400;

/**
 * Whether a bar belongs to a pattern that has lost its quotes on the way here, as in `pgrep -f xmrig|minerd`: a bar
 * without spaces around it, in a command that searches. In a line that a shell reads, no quotes are lost and a bar runs
 * what stands behind it. There a bar counts as part of a pattern only if nothing but words, none of them an
 * interpreter, follows up to the end of the command.
 */
const isInPattern = ({ line, at, start, inShell }: Scan): boolean => {
  if (!/\S[|]\S/.test(line.slice(Math.max(0, at - 1), at + 2))) return false;
  if (at - start > MAX_PATTERN) return false;
  const before = line.slice(start, at);
  if (!inShell) return SEARCHES.test(before);
  const words = ALTERNATIVES.exec(line.slice(at, at + MAX_PATTERN))?.[0];
  return words !== undefined && BEGUN.test(before) && !INTERPRETERS.test(words);
};
