import { type Policy, readPolicy } from './decision/policy.ts';
import { type SettingsFile, settingsText } from './settings-text.ts';

/**
 * The policy in a file, and its hash; without a path, the policy of all defaults, which changes nothing.
 *
 * @throws Error for a file that cannot be read or has another hash, Malformed for one that is no policy.
 */
export const policyOfFile = async (file: SettingsFile): Promise<{ policy: Policy; hash: string }> =>
  readPolicy(await settingsText('FIREBREAK_POLICY', file));
