import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Rules } from '../shared/decision/decide-tier.ts';
import { readPolicy } from '../shared/decision/policy.ts';
import { Malformed, sentenceOf } from '../shared/errors.ts';
import { plain } from '../shared/text.ts';
import type { Io } from './io.ts';

const SHIPPED = fileURLToPath(new URL('../config/policy.yaml', import.meta.url));

/**
 * Reads a policy file: the one named, else that of FIREBREAK_POLICY, else the one that is shipped.
 *
 * @throws Malformed with the file, the line and what is wrong.
 */
export const policyFile = async (
  io: Pick<Io, 'cwd' | 'env'>,
  named: string | undefined,
): Promise<Rules & { path: string }> => {
  const given = named ?? io.env.FIREBREAK_POLICY;
  const path = given === undefined || given === '' ? SHIPPED : resolve(io.cwd, given);
  const shown = plain(given ?? 'config/policy.yaml', 200);
  const text = await readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    throw new Malformed(`${shown} cannot be read (${thrown.code ?? sentenceOf(thrown)})`);
  });
  try {
    const { policy, hash } = readPolicy(text);
    return { policy, policyHash: hash, path: shown };
  } catch (thrown) {
    throw new Malformed(`${shown}: ${sentenceOf(thrown)}`);
  }
};
