import { hashOf } from './decision/hash.ts';
import { type Detector, makeDetector } from './detection/detector.ts';
import { readRules } from './detection/rules-file.ts';
import { type SettingsFile, settingsText } from './settings-text.ts';

/**
 * The detector for a rules file, and the file's hash; without a path, the detector with the built-in rules as they are.
 *
 * @throws Error for a file that cannot be read or has another hash, Malformed for one that is no rules file.
 */
export const detectorOfFile = async (
  given: SettingsFile,
  identities: readonly string[] = [],
): Promise<{ detector: Detector; hash: string }> => {
  const file = readRules(await settingsText('FIREBREAK_RULES', given));
  return { detector: makeDetector(file, identities), hash: hashOf(file) };
};
