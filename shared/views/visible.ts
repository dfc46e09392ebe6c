import { stripVTControlCharacters } from 'node:util';

/** The characters of a text that take up room on a line: all but those that set a colour. */
export const widthOf = (text: string): number => [...stripVTControlCharacters(text)].length;

/** Whether no line of a text is wider than `columns`. */
export const fits = (text: string, columns: number): boolean =>
  text.split('\n').every((line) => widthOf(line) <= columns);
