import CliTable from 'cli-table3';
import { fits, widthOf } from './visible.ts';
import { wrap } from './wrap.ts';

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/**
 * The same for a narrow screen: each row on lines of its own, its first cell alone, the others behind their headings.
 */
const recordsText = (heading: readonly string[], rows: ReadonlyArray<readonly string[]>, columns: number): string => {
  const [, ...others] = heading;
  const width = Math.max(...others.map(widthOf));
  const names = others.map((name) => `  ${name}${' '.repeat(width - widthOf(name))}  `);
  const indent = ' '.repeat(width + 4);
  // A line end within a colour would colour what follows.
  const linesOf = (cell: string): string[] => (cell.includes('\u001b') ? [cell] : wrap(cell, columns - indent.length));
  const recordOf = ([first = '', ...cells]: readonly string[]): string[] => [
    first,
    ...cells.flatMap((cell, n) =>
      widthOf(cell) === 0 ? [] : linesOf(cell).map((line, at) => `${at === 0 ? names[n] : indent}${line}`),
    ),
  ];
  return rows.map((row) => recordOf(row).join('\n')).join('\n\n');
};

/**
 * Rows under a heading, aligned, without lines around them. Cells may contain colour. No line ends in spaces, the text
 * in no newline. Where a row is wider than `columns`, each row stands on lines of its own.
 */
export const tableText = (
  heading: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
  columns = Number.POSITIVE_INFINITY,
): string => {
  const table = new CliTable({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push([...heading], ...rows.map((row) => [...row]));
  const text = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
  return fits(text, columns) ? text : recordsText(heading, rows, columns);
};
