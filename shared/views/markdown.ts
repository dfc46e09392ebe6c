import { plain } from '../text.ts';

/** Characters that could begin markup, a tag, a mention or, in GitHub's reading, a formula. */
const MARKS = /[\\`*_[\]<>&|~$@]/g;
/** What begins a list, a heading or a rule at the beginning of a line. */
const FIRST = /^([#+=-]|\d{1,9}[.)](?=\s|$))/;
/** Parts of addresses that Markdown turns into links without any markup. */
const LINKED = /:(?=\/\/)|(?<=www)\./gi;

const reference = (mark: string): string => `&#${mark.charCodeAt(0)};`;

/** Foreign text as plain text in Markdown, on one line and cut to 1000 characters. */
export const markdownText = (text: string): string =>
  plain(text, 1000)
    .replace(MARKS, (mark) => (/[<>&@]/.test(mark) ? reference(mark) : `\\${mark}`))
    .replace(LINKED, reference)
    .replace(FIRST, (first) => first.slice(0, -1) + reference(first.slice(-1)));

/** A name as inline code: fenced by more backticks than it contains, and safe within a table's cell. */
export const markdownCode = (text: string, max = 300): string => {
  const shown = plain(text, max).replaceAll('|', '¦');
  const fence = '`'.repeat(longestRun(shown) + 1);
  return shown === '' ? '' : `${fence}${/^`|`$/.test(shown) ? ` ${shown} ` : shown}${fence}`;
};

/** Lines as a block of code, fenced by more backticks than they contain. */
export const markdownBlock = (lines: readonly string[], language = ''): string => {
  const shown = lines.flatMap((line) => line.split('\n')).map((line) => indentOf(line) + plain(line, 16_000));
  const fence = '`'.repeat(Math.max(3, longestRun(shown.join('\n')) + 1));
  return [`${fence}${language}`, ...shown, fence].join('\n');
};

/** The indentation of a line, which `plain` removes: a folded command needs it to be readable. */
const indentOf = (line: string): string => /^ {0,8}/.exec(line)?.[0] ?? '';

const longestRun = (text: string): number => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
