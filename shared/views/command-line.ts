import { shellWord } from '../shell.ts';
import { plain } from '../text.ts';

/** A deployment by its project, as the target of an incident has it; without one, the stack on this machine. */
type Deployment = { project?: string | undefined };

/**
 * A `firebreak` command for one deployment, to be copied as it stands. It names the project: without it, it would be
 * about the stack on the reader's machine, if one runs. That stack answers to its project's name too.
 */
export const commandLine = ({ project }: Deployment, ...words: readonly string[]): string =>
  ['firebreak', ...words, ...(project === undefined ? [] : ['--project', project])]
    .map((word) => shellWord(plain(word)))
    .join(' ');

/** The same for a request, with the reason left to be filled in. */
export const requestLine = (deployment: Deployment, ...words: readonly string[]): string =>
  `${commandLine(deployment, ...words)} --reason "..."`;

/** The command that prints an incident's report, with all that people may have to type. */
export const reportLine = ({ id, target }: { id: string; target: Deployment }): string =>
  commandLine(target, 'report', id, '--format', 'md');
