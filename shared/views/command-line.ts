import type { Target } from '../model/target.ts';
import { shellWord } from '../shell.ts';
import { plain } from '../text.ts';

/**
 * A `firebreak` command of the deployment that an incident is of, to be copied as it stands: what it serves is in its
 * own project. The same line does on the stack of one machine, which answers to its project's name.
 */
export const commandLine = ({ project }: Pick<Target, 'project'>, ...words: readonly string[]): string =>
  ['firebreak', ...words, '--project', project].map((word) => shellWord(plain(word))).join(' ');

/** The same for a request, with the reason left to be filled in. */
export const requestLine = (target: Pick<Target, 'project'>, ...words: readonly string[]): string =>
  `${commandLine(target, ...words)} --reason "..."`;

/** The command that prints an incident's report, with all that people may have to type. */
export const reportLine = ({ id, target }: { id: string; target: Pick<Target, 'project'> }): string =>
  commandLine(target, 'report', id, '--format', 'md');
