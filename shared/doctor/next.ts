/** The command that puts back what Terraform made; run where the deployment's Terraform is. */
export const APPLY = 'terraform apply';

/** Words of a shell command as they can be copied: what is not plain is quoted. */
export const command = (...words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
