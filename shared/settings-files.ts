import { readFile } from 'node:fs/promises';
import { hashOf } from './decision/hash.ts';
import { type Policy, readPolicy } from './decision/policy.ts';
import { type Detector, makeDetector } from './detection/detector.ts';
import { readRules } from './detection/rules-file.ts';
import { sentenceOf } from './errors.ts';

const textOf = async (variable: string, path: string | undefined): Promise<string> => {
  if (path === undefined) return '';
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`${variable}: ${path} cannot be read: ${sentenceOf(cause)}`, { cause });
  });
};

/**
 * The policy of a file; without a path the one whose defaults change nothing.
 *
 * @throws Error for a file that cannot be read, Malformed for one that is none.
 */
export const policyOfFile = async (path: string | undefined): Promise<{ policy: Policy; hash: string }> =>
  readPolicy(await textOf('FIREBREAK_POLICY', path));

/**
 * The detector of a file of rules, and the file's hash; without a path the rules are as they are.
 *
 * @throws Error for a file that cannot be read, Malformed for one that is none.
 */
export const detectorOfFile = async (
  path: string | undefined,
  identities: readonly string[] = [],
): Promise<{ detector: Detector; hash: string }> => {
  const file = readRules(await textOf('FIREBREAK_RULES', path));
  return { detector: makeDetector(file, identities), hash: hashOf(file) };
};
