import { type Policy, readPolicy } from './decision/policy.ts';
import { type SettingsFile, settingsText } from './settings-text.ts';

/**
 * The policy of a file; without a path the one whose defaults change nothing.
 *
 * @throws Error for a file that cannot be read or is another one, Malformed for one that is none.
 */
export const policyOfFile = async (file: SettingsFile): Promise<{ policy: Policy; hash: string }> =>
  readPolicy(await settingsText('FIREBREAK_POLICY', file));
