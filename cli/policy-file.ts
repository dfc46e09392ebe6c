import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Rules } from '../shared/decision/decide-tier.ts';
import { readPolicy } from '../shared/decision/policy.ts';
import { Malformed, sentenceOf } from '../shared/errors.ts';
import { plain } from '../shared/text.ts';
import { firstSet } from './arguments.ts';
import type { Io } from './io.ts';
import { shippedText } from './shipped.ts';
import { unreadable } from './unreadable.ts';

/**
 * Reads a policy file: the named one, else that of FIREBREAK_POLICY, else the shipped one.
 *
 * @throws Malformed with the file, the line and the error.
 */
export const policyFile = async (
  io: Pick<Io, 'cwd' | 'env'>,
  named: string | undefined,
): Promise<Rules & { path: string }> => {
  const given = firstSet(named, io.env.FIREBREAK_POLICY);
  const shown = plain(given ?? 'config/policy.yaml', 200);
  const read = given === undefined ? shippedText('policy.yaml') : readFile(resolve(io.cwd, given), 'utf8');
  const text = await read.catch((thrown: unknown) => {
    throw unreadable(shown, thrown);
  });
  try {
    const { policy, hash } = readPolicy(text);
    return { policy, policyHash: hash, path: shown };
  } catch (thrown) {
    throw new Malformed(`${shown}: ${sentenceOf(thrown)}`);
  }
};
