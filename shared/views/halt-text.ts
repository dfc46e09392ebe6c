import type { HaltRecord } from '../model/records.ts';
import { plain } from '../text.ts';
import { requestLine } from './command-line.ts';
import type { TextOptions } from './text-options.ts';
import { momentText } from './time.ts';
import { wrap } from './wrap.ts';

/**
 * The halt in force and the command that ends it, as the lines above incidents: whatever they ask for, nothing is
 * carried out until then. Empty where nothing is halted.
 */
export const haltLines = (
  halt: HaltRecord | undefined,
  { palette, columns, project }: Pick<TextOptions, 'palette' | 'columns' | 'project'>,
): string[] => {
  if (halt?.halted !== true) return [];
  return [
    ...wrap(
      `Everything is halted by ${plain(halt.by)} since ${momentText(halt.at)}: ${plain(halt.reason)}`,
      columns,
    ).map((line) => palette.bold(palette.red(line))),
    `To send changes again: ${requestLine({ project }, 'resume')}`,
    '',
  ];
};
