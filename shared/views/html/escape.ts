import { plain } from '../../text.ts';

// A symbol that only this file knows: nothing that was parsed from outside can pass for markup.
const MARKUP = Symbol('markup');

/** Markup that was made by `html` and nothing else. */
export type Html = { readonly [MARKUP]: string };

/** What may stand in a template: markup as it is, text escaped, lists one after the other, and nothing for nothing. */
export type Part = Html | string | number | undefined | null | false | readonly Part[];

/** No text in a page is longer than this, in UTF-16 units: whoever shows more says so, by `block`. */
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
 * Markup from a template: html`<p title="${title}">${text}</p>`. Whatever stands in the holes is shown as text: escaped,
 * without marks that hide or reorder it, and cut at 2000 characters. Attributes stand in double quotes. A hole is no place
 * for a tag's or an attribute's name, for a script, a style, or an address that comes from outside.
 */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  [MARKUP]: strings.map((text, i) => text + written(parts[i])).join(''),
});

/** Foreign text, at most `max` characters of it, that cannot change the order of what stands around it. */
export const foreign = (text: string, max = 300): Html => html`<bdi>${plain(text, max)}</bdi>`;

/** Text of several lines as one block that keeps them: at most `max` characters and 400 lines, and it says where it is cut. */
export const block = (text: string, max = 16_000): Html => {
  const lines = text.slice(0, max).split(LINE_ENDS);
  const kept = lines.slice(0, 400);
  const isCut = text.length > max || kept.length < lines.length;
  // Indentation is part of what such a text says, and `plain` would take it.
  const shown = kept.map((line) => (/^ */.exec(line)?.[0] ?? '') + plain(line, max)).join('\n');
  const note = isCut ? html`\n… cut here: the whole is ${text.length} characters long` : undefined;
  return html`<pre tabindex="0">${{ [MARKUP]: escaped(shown) }}${note}</pre>`;
};

/** The markup as text, for a response or a file. */
export const markupOf = (markup: Html): string => markup[MARKUP];
