import { shellWord } from '../shell.ts';

/**
 * The command that restores whatever Terraform created. It is typed in the folder of the deployment's configuration.
 */
export const APPLY = 'terraform apply';

/** A shell command that can be copied: words with special characters are quoted. */
export const command = (...words: readonly string[]): string => words.map(shellWord).join(' ');

/**
 * Makes a function that writes firebreak commands for one deployment. The commands name the project, because without it
 * they would be about the stack on this machine, if one runs. `project` is undefined for that stack.
 */
export const commandsAbout =
  (project: string | undefined) =>
  (...words: readonly string[]): string =>
    command('firebreak', ...words, ...(project === undefined ? [] : ['--project', project]));
