import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sentenceOf } from './errors.ts';

/** Where a file is, and the SHA-256 of what must be in it; without that, whatever is there counts. */
export type SettingsFile = { path?: string | undefined; sha256?: string | undefined };

/**
 * The text of a settings file that `variable` names; empty without a path.
 *
 * @throws Error for one that cannot be read, or is not the one that was applied.
 */
export const settingsText = async (variable: string, { path, sha256 }: SettingsFile): Promise<string> => {
  if (path === undefined) return '';
  const bytes = bytesOf(variable, path);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === undefined || found === sha256) return bytes.toString('utf8');
  throw new Error(`${variable}: ${path} is not the file that was applied: its SHA-256 is ${found}, not ${sha256}.`);
};

/** At once: nothing else is done at a start, and the module that reads without waiting is loaded already. */
const bytesOf = (variable: string, path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Error(`${variable}: ${path} cannot be read: ${sentenceOf(cause)}`, { cause });
  }
};
