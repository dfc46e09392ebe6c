/** The command that restores what Terraform made; to be run where the deployment's Terraform is. */
export const APPLY = 'terraform apply';

/** A shell command that can be copied: words with special characters are quoted. */
export const command = (...words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');

/**
 * Makes a function that writes firebreak commands about one deployment. The project is part of them, because without it
 * a command typed next to a stack on this machine would be about that stack. `project` is undefined for that very
 * stack.
 */
export const commandsAbout =
  (project: string | undefined) =>
  (...words: readonly string[]): string =>
    command('firebreak', ...words, ...(project === undefined ? [] : ['--project', project]));
