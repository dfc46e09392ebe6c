import { hashOf } from '../shared/decision/hash.ts';
import { type Detector, makeDetector } from '../shared/detection/detector.ts';
import { type RulesFile, readRules } from '../shared/detection/rules-file.ts';
import type { Io } from './io.ts';
import { settingsFile } from './settings-file.ts';

/** The flag that names the file of rules, and what the help says of it. */
export const RULES_OPTION = [
  '--rules <file>',
  'the file of rules (default: that of FIREBREAK_RULES, else the one that is shipped)',
] as const;

/**
 * Reads a rules file: the named one, else that of FIREBREAK_RULES, else the shipped one.
 *
 * @throws Malformed with the file, the line and the error.
 */
export const rulesFile = (
  io: Pick<Io, 'cwd' | 'env'>,
  named: string | undefined,
): Promise<{ file: RulesFile; detector: Detector; path: string; hash: string }> =>
  settingsFile(io, 'rules', named, (text) => {
    const file = readRules(text);
    return { file, detector: makeDetector(file), hash: hashOf(file) };
  });
