import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Malformed, sentenceOf } from '../shared/errors.ts';
import { plain } from '../shared/text.ts';
import { firstSet } from './arguments.ts';
import type { Io } from './io.ts';
import { shippedText } from './shipped.ts';
import { unreadable } from './unreadable.ts';

type Where = { path: string; shipped: boolean };

/**
 * Reads the policy or the rules by `read`: from the named file, else from that of FIREBREAK_POLICY or FIREBREAK_RULES,
 * else from the shipped one. `path`: as it may be shown. `shipped`: it is the shipped one, not a file in this folder.
 *
 * @throws Malformed with the file, the line and the error.
 */
export const settingsFile = async <T>(
  { cwd, env }: Pick<Io, 'cwd' | 'env'>,
  what: 'policy' | 'rules',
  named: string | undefined,
  read: (text: string) => T,
): Promise<T & Where> => {
  const given = firstSet(named, what === 'policy' ? env.FIREBREAK_POLICY : env.FIREBREAK_RULES);
  const path = plain(given ?? `config/${what}.yaml`, 200);
  const found = given === undefined ? shippedText(`${what}.yaml`) : readFile(resolve(cwd, given), 'utf8');
  const text = await found.catch((thrown: unknown) => {
    throw unreadable(path, thrown);
  });
  try {
    return { ...read(text), path, shipped: given === undefined };
  } catch (thrown) {
    throw new Malformed(`${path}: ${sentenceOf(thrown)}`);
  }
};
