import { plain } from '../text.ts';

/** What could begin markup, a tag, a mention or, as GitHub reads it, a formula. */
const MARKS = /[\\`*_[\]<>&|~$@]/g;
/** What begins a list, a heading or a rule where it stands first. */
const FIRST = /^([#+=-]|\d{1,9}[.)](?=\s|$))/;
/** What is made a link although nobody marked it. */
const LINKED = /:(?=\/\/)|(?<=www)\./gi;

const reference = (mark: string): string => `&#${mark.charCodeAt(0)};`;

/** Foreign text as text in Markdown, on one line, at most `max` characters of it. */
export const markdownText = (text: string, max = 1000): string =>
  plain(text, max)
    .replace(MARKS, (mark) => (/[<>&@]/.test(mark) ? reference(mark) : `\\${mark}`))
    .replace(LINKED, reference)
    .replace(FIRST, (first) => first.slice(0, -1) + reference(first.slice(-1)));

/** A name as code within a line: fenced by more backticks than it holds, and never the end of a table's cell. */
export const markdownCode = (text: string, max = 300): string => {
  const shown = plain(text, max).replaceAll('|', '¦');
  const fence = '`'.repeat(longestRun(shown) + 1);
  return shown === '' ? '' : `${fence}${/^`|`$/.test(shown) ? ` ${shown} ` : shown}${fence}`;
};

/** Lines as a block of code, fenced by more backticks than they hold. */
export const markdownBlock = (lines: readonly string[], language = ''): string => {
  const shown = lines.flatMap((line) => line.split('\n')).map((line) => indentOf(line) + plain(line, 16_000));
  const fence = '`'.repeat(Math.max(3, longestRun(shown.join('\n')) + 1));
  return [`${fence}${language}`, ...shown, fence].join('\n');
};

/** `plain` takes what a line begins with, and a folded command is read by it. */
const indentOf = (line: string): string => /^ {0,8}/.exec(line)?.[0] ?? '';

const longestRun = (text: string): number => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
