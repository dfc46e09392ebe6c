import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hashOf } from './decision/hash.ts';
import { type Policy, readPolicy } from './decision/policy.ts';
import { type Detector, makeDetector } from './detection/detector.ts';
import { readRules } from './detection/rules-file.ts';
import { sentenceOf } from './errors.ts';

/** Where a file is, and the SHA-256 of what must be in it; without that, whatever is there counts. */
export type SettingsFile = { path?: string | undefined; sha256?: string | undefined };

const textOf = async (variable: string, { path, sha256 }: SettingsFile): Promise<string> => {
  if (path === undefined) return '';
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new Error(`${variable}: ${path} cannot be read: ${sentenceOf(cause)}`, { cause });
  });
  const found = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === undefined || found === sha256) return bytes.toString('utf8');
  throw new Error(`${variable}: ${path} is not the file that was applied: its SHA-256 is ${found}, not ${sha256}.`);
};

/**
 * The policy of a file; without a path the one whose defaults change nothing.
 *
 * @throws Error for a file that cannot be read or is another one, Malformed for one that is none.
 */
export const policyOfFile = async (file: SettingsFile): Promise<{ policy: Policy; hash: string }> =>
  readPolicy(await textOf('FIREBREAK_POLICY', file));

/**
 * The detector of a file of rules, and the file's hash; without a path the rules are as they are.
 *
 * @throws Error for a file that cannot be read or is another one, Malformed for one that is none.
 */
export const detectorOfFile = async (
  given: SettingsFile,
  identities: readonly string[] = [],
): Promise<{ detector: Detector; hash: string }> => {
  const file = readRules(await textOf('FIREBREAK_RULES', given));
  return { detector: makeDetector(file, identities), hash: hashOf(file) };
};
