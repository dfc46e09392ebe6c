import { stripVTControlCharacters } from 'node:util';
import CliTable from 'cli-table3';
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

const widthOf = (text: string): number => stripVTControlCharacters(text).length;

/** The same for a narrow screen: each row on lines of its own, its first cell alone, the others behind their headings. */
const recordsText = (heading: readonly string[], rows: ReadonlyArray<readonly string[]>, columns: number): string => {
  const [, ...names] = heading;
  const width = Math.max(...names.map(widthOf));
  const indent = ' '.repeat(width + 4);
  const lined = (cell: string): string[] =>
    // A line end within a colour would colour what follows.
    widthOf(cell) === cell.length ? wrap(cell, columns - indent.length) : [cell];
  return rows
    .map(([first = '', ...cells]) => [
      first,
      ...cells.flatMap((cell, n) =>
        widthOf(cell) === 0
          ? []
          : lined(cell).map((line, at) =>
              at > 0 ? `${indent}${line}` : `  ${names[n]}${' '.repeat(width - widthOf(names[n] ?? ''))}  ${line}`,
            ),
      ),
    ])
    .map((lines) => lines.join('\n'))
    .join('\n\n');
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
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return lines.some((line) => widthOf(line) > columns) ? recordsText(heading, rows, columns) : lines.join('\n');
};
