import { shellWord } from '../shell.ts';
import { commandLine } from '../views/command-line.ts';

/**
 * The command that restores whatever Terraform created. It is typed in the folder of the deployment's configuration.
 */
export const APPLY = 'terraform apply';

/** A shell command that can be copied: words with special characters are quoted. */
export const command = (...words: readonly string[]): string => words.map(shellWord).join(' ');

/** Makes a function that writes firebreak commands for one deployment; `project` is undefined for the local stack. */
export const commandsAbout =
  (project: string | undefined) =>
  (...words: readonly string[]): string =>
    commandLine({ project }, ...words);
