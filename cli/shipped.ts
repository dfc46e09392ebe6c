import { readFile } from 'node:fs/promises';

/** The text of a shipped settings file. The build replaces this module by one that contains the texts. */
export const shippedText = (name: 'policy.yaml' | 'rules.yaml'): Promise<string> =>
  readFile(new URL(`../config/${name}`, import.meta.url), 'utf8');
