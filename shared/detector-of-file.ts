import { hashOf } from './decision/hash.ts';
import { type Detector, makeDetector } from './detection/detector.ts';
import { readRules } from './detection/rules-file.ts';
import { type SettingsFile, settingsText } from './settings-text.ts';

/**
 * The detector of a file of rules, and the file's hash; without a path the rules are as they are.
 *
 * @throws Error for a file that cannot be read or is another one, Malformed for one that is none.
 */
export const detectorOfFile = async (
  given: SettingsFile,
  identities: readonly string[] = [],
): Promise<{ detector: Detector; hash: string }> => {
  const file = readRules(await settingsText('FIREBREAK_RULES', given));
  return { detector: makeDetector(file, identities), hash: hashOf(file) };
};
