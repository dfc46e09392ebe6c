import { fits } from '../shared/views/visible.ts';
import { wrap } from '../shared/views/wrap.ts';

/** What explains a command stands this far in, below it. */
const INDENT = ' '.repeat(6);

/** `  command      what it does`: the command with the spaces before it, and what it does. */
const EXPLAINED = /^( +\S(?:.*?\S)?) {2,}(\S.*)$/;
/** What goes on explaining, so far to the right that it is no line of a command. */
const FURTHER = /^ {8,}(\S.*)$/;

const below = (text: string, columns: number): string[] =>
  wrap(text, columns - INDENT.length).map((line) => `${INDENT}${line}`);

const linesOf = (text: string, columns: number): string[] => {
  const further = FURTHER.exec(text)?.[1];
  if (further !== undefined) return below(further, columns);
  const [, command, says] = EXPLAINED.exec(text) ?? [];
  if (command !== undefined && says !== undefined) return [command, ...below(says, columns)];
  // A command stays on one line, so that it can be copied.
  return text.startsWith(' ') || text === '' ? [text] : wrap(text, columns);
};

/** The lines of a paragraph as one, so that it can be broken anew. */
const paragraphs = (text: string): string => text.replace(/(?<=^\S.*)\n(?=\S)/gm, ' ');

/** The help of a command for a terminal of this width: where examples do not fit, each is explained below it. */
export const helpText = (text: string, columns: number): string =>
  fits(text, columns)
    ? text
    : paragraphs(text)
        .split('\n')
        .flatMap((line) => linesOf(line, columns))
        .join('\n');
