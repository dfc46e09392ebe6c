import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { hashOf } from '../shared/decision/hash.ts';
import { type Detector, makeDetector } from '../shared/detection/detector.ts';
import { type RulesFile, readRules } from '../shared/detection/rules-file.ts';
import { Malformed, sentenceOf } from '../shared/errors.ts';
import { plain } from '../shared/text.ts';
import { firstSet } from './arguments.ts';
import type { Io } from './io.ts';
import { shippedText } from './shipped.ts';
import { unreadable } from './unreadable.ts';

/**
 * Reads a rules file: the named one, else that of FIREBREAK_RULES, else the shipped one.
 *
 * @throws Malformed with the file, the line and the error.
 */
export const rulesFile = async (
  io: Pick<Io, 'cwd' | 'env'>,
  named: string | undefined,
): Promise<{ file: RulesFile; detector: Detector; path: string; hash: string }> => {
  const given = firstSet(named, io.env.FIREBREAK_RULES);
  const shown = plain(given ?? 'config/rules.yaml', 200);
  const read = given === undefined ? shippedText('rules.yaml') : readFile(resolve(io.cwd, given), 'utf8');
  const text = await read.catch((thrown: unknown) => {
    throw unreadable(shown, thrown);
  });
  try {
    const file = readRules(text);
    return { file, detector: makeDetector(file), path: shown, hash: hashOf(file) };
  } catch (thrown) {
    throw new Malformed(`${shown}: ${sentenceOf(thrown)}`);
  }
};
