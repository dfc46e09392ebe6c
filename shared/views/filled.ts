import { widthOf } from './visible.ts';

/**
 * Parts on as few lines of at most `columns` characters as hold them. A part is never broken; it may contain colour.
 */
export const filled = (parts: readonly string[], between: string, columns: number): string[] => {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = `${last}${between}${part}`;
    if (last !== undefined && widthOf(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
};
