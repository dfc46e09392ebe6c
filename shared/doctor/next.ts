/** The command that puts back what Terraform made; run where the deployment's Terraform is. */
export const APPLY = 'terraform apply';

/** Words of a shell command as they can be copied: what is not plain is quoted. */
export const command = (...words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');

/**
 * Writes commands of ours about one deployment. Without the project, one that is typed beside a stack on this machine would be about
 * that; undefined: it is that stack.
 */
export const commandsAbout =
  (project: string | undefined) =>
  (...words: readonly string[]): string =>
    command('firebreak', ...words, ...(project === undefined ? [] : ['--project', project]));
