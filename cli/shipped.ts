import { readFile } from 'node:fs/promises';

/** The text of a settings file as it is shipped. What is built holds the texts in the place of this module. */
export const shippedText = (name: 'policy.yaml' | 'rules.yaml'): Promise<string> =>
  readFile(new URL(`../config/${name}`, import.meta.url), 'utf8');
