import { toldOfText } from '../told-of-text.ts';

/** Longest text that is looked at: more than a label or a split entry can hold. */
const MAX_TEXT = 64 * 1024;
const MAX_DECODED = 8;

/** Programs that look for text, files or processes, and run none of what they are told to look for. */
const LOOKS =
  /^[\s;|&]{0,16}(?:(?:sudo|time|nice|command)\s+)?(?:\S{0,60}\/)?(e?grep|fgrep|rg|zgrep|pgrep|pkill|killall|ps|pidof|which|type|whereis|ls|stat|file|strings|dig|nslookup|host|getent)\b/;
/** A command that is run within another's words. */
const RUNS_WITHIN = /\$\(|`|<\(/;
const SHELL_C = /^\s*(?:\S{0,60}\/)?(?:ba|da|z|k|a)?sh\s{1,8}-[a-z]{0,8}c\s{1,8}/;

/**
 * A command line as its shell would take it apart, joined again: the words alone, without parts that only look for
 * something (`ps aux | grep xmrig`), once more without quotes and escapes, and what is written in base64 decoded.
 * Lower case. Takes time linear in the text.
 */
export const actingText = toldOfText((line): string => {
  const acting = actingParts(line).join('');
  return [acting, withoutQuotes(acting), ...decodings(acting)].join('\n').toLowerCase();
});

/** The commands of a line that do more than look for something, as written, each with the separator before it. */
export const actingParts = toldOfText((line): readonly string[] =>
  segments(unwrapped(line.slice(0, MAX_TEXT))).filter((part) => !LOOKS.test(part) || RUNS_WITHIN.test(part)),
);

/** Every command of a line, also those that only look for something, without quotes and in lower case. */
export const plainParts = (line: string): string[] =>
  segments(unwrapped(line.slice(0, MAX_TEXT))).map((part) => withoutQuotes(part).toLowerCase());

/** The programs that a command line starts, without their folders, in lower case. */
export const programsOf = (line: string): string[] =>
  actingParts(line)
    .flatMap((part) => part.split(/[|&;()`\n]/))
    .flatMap((command) => programOf(command) ?? []);

/** What stands before a program: an assignment, or a program that starts another. */
const PREFIX =
  /^(?:[A-Za-z_]\w{0,60}=\S{0,200}|(?:\S{0,60}\/)?(?:sudo|nohup|exec|setsid|env|nice|ionice|taskset|time|timeout|stdbuf|command|chroot|cpulimit|torsocks|busybox|(?:ba|da|z|k|a)?sh)|-\S{0,60}|[\d.]{1,20}[smh]?)$/;
const MAX_PREFIX = 12;

const programOf = (command: string): string | undefined => {
  const words = withoutQuotes(command)
    .trim()
    .split(/\s+/, MAX_PREFIX + 1);
  return words
    .find((word) => !PREFIX.test(word))
    ?.replace(/^.*\//, '')
    .toLowerCase();
};

const unwrapped = (line: string): string => {
  const inner = line.replace(SHELL_C, '');
  if (inner === line) return line;
  const quoted = /^(["'])([\s\S]*)\1\s*$/.exec(inner);
  return quoted?.[2] ?? inner;
};

/**
 * Parts between `;`, `&&`, `||`, ` | ` and line ends that stand outside of quotes, each with the separator before it. A
 * bar without spaces may be part of a pattern (`pgrep -f 'xmrig|minerd'` has lost its quotes here), so it separates
 * nothing.
 */
const segments = (line: string): string[] => {
  const parts: string[] = [];
  let quote = '';
  let start = 0;
  for (let i = 0; i < line.length; i += 1) {
    const char = line.charAt(i);
    if (char === '\\') i += 1;
    else if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = closes(line, char, i) ? char : '';
    else if (i > start && separates(line, i)) {
      parts.push(line.slice(start, i));
      start = i;
      if (line.charAt(i + 1) === char) i += 1;
    }
  }
  return [...parts, line.slice(start)];
};

/** A quotation mark that is never closed is a letter, so that it hides nothing behind it. */
const closes = (line: string, mark: string, from: number): boolean => line.lastIndexOf(mark) > from;

const separates = (line: string, i: number): boolean => {
  const char = line.charAt(i);
  if (char === ';' || char === '\n') return true;
  const next = line.charAt(i + 1);
  if (char === '&') return next === '&' || (line.charAt(i - 1) !== '>' && next !== '>' && !/[\d-]/.test(next));
  return char === '|' && (next === '|' || (line.charAt(i - 1) === ' ' && next === ' '));
};

const withoutQuotes = (text: string): string => text.replace(/\$\{?IFS\}?/g, ' ').replace(/["'`\\]/g, '');

/** What is written in base64 and decodes to text. */
const decodings = (text: string): string[] =>
  [...text.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)].slice(0, MAX_DECODED).flatMap(([run]) => {
    const decoded = Buffer.from(run, 'base64').toString('utf8');
    return /^[\t\n\r\u0020-\u007e]+$/.test(decoded) ? [decoded] : [];
  });
