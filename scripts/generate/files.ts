/** Generated files: content by path below the checkout, with `/` as the separator. */
export type Files = ReadonlyMap<string, string>;

/** The content of a generated JSON file. */
export const jsonFile = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The note at the top of each generated Markdown file. */
export const GENERATED_NOTE = '<!-- Written by `npm run generate`: change the code it is made from instead. -->';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A Markdown table, aligned as the formatter does it. */
export const markdownTable = (heading: readonly string[], rows: ReadonlyArray<readonly string[]>): string => {
  const all = [heading, ...rows].map((row) => row.map(cell));
  const widths = heading.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [first = [], ...others] = all;
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)].join('\n');
};

/** A Markdown table without alignment, for tables in which one long cell would make every row as long. */
export const looseTable = (heading: readonly string[], rows: ReadonlyArray<readonly string[]>): string =>
  [heading, heading.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
