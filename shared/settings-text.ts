import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sentenceOf } from './errors.ts';

/** The path of a file, and the SHA-256 that it must have; without a SHA-256, any content is accepted. */
export type SettingsFile = { path?: string | undefined; sha256?: string | undefined };

/**
 * The text of the settings file that `variable` names; empty without a path.
 *
 * @throws Error for a file that cannot be read, or is not the one that was applied.
 */
export const settingsText = async (variable: string, { path, sha256 }: SettingsFile): Promise<string> => {
  if (path === undefined) return '';
  const bytes = bytesOf(variable, path);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === undefined || found === sha256) return bytes.toString('utf8');
  throw new Error(`${variable}: ${path} is not the file that was applied: its SHA-256 is ${found}, not ${sha256}.`);
};

/** Reads synchronously: a start has nothing else to do meanwhile, and the synchronous module is loaded already. */
const bytesOf = (variable: string, path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Error(`${variable}: ${path} cannot be read: ${sentenceOf(cause)}`, { cause });
  }
};
