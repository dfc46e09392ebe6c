import { plain } from '../../text.ts';

// A symbol that only this file can use, so that no data parsed from outside can pass for markup.
const MARKUP = Symbol('markup');

/** Markup that only this file can make. */
export type Html = { readonly [MARKUP]: string };

/**
 * The values allowed in a template: markup is kept, text is escaped, lists are concatenated, and empty values give
 * nothing.
 */
export type Part = Html | string | number | undefined | null | false | readonly Part[];

/** The longest text in a page, in UTF-16 units. Longer texts are shown by `block`, which notes where it cuts them. */
const MAX = 2000;
const LINE_ENDS = /\r\n|[\n\r\u2028\u2029]/;

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};
const escaped = (text: string): string => text.replace(/[&<>"'`]/g, (mark) => REFERENCES[mark] ?? '');

const isHtml = (part: Part): part is Html => typeof part === 'object' && part !== null && MARKUP in part;

const written = (part: Part): string => {
  if (part === undefined || part === null || part === false) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escaped(plain(part, MAX));
  return isHtml(part) ? part[MARKUP] : part.map(written).join('');
};

/**
 * Makes markup from a template: html`<p title="${title}">${text}</p>`. Values are shown as text: escaped, without
 * characters that hide or reorder it, and cut at 2000 characters. Attributes must stand in double quotes. A value must
 * not be the name of a tag or an attribute, a part of a script or a style, or an address from outside.
 */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  [MARKUP]: strings.map((text, i) => text + written(parts[i])).join(''),
});

/** Foreign text, cut to `max` characters, isolated so that it cannot reorder the text around it. */
export const foreign = (text: string, max = 300): Html => html`<bdi>${plain(text, max)}</bdi>`;

/**
 * Text of several lines as one block that keeps its lines: at most `max` characters and 400 lines, with a note if it
 * was cut.
 */
export const block = (text: string, max = 16_000): Html => {
  const lines = text.slice(0, max).split(LINE_ENDS);
  const kept = lines.slice(0, 400);
  const isCut = text.length > max || kept.length < lines.length;
  // Indentation carries meaning in such texts, and `plain` would remove it.
  const shown = kept.map((line) => (/^ */.exec(line)?.[0] ?? '') + plain(line, max)).join('\n');
  const note = isCut ? html`\n… cut here: the whole is ${text.length} characters long` : undefined;
  return html`<pre tabindex="0">${{ [MARKUP]: escaped(shown) }}${note}</pre>`;
};

/** The markup as text, for a response or a file. */
export const markupOf = (markup: Html): string => markup[MARKUP];
