import type { Rules } from '../shared/decision/decide-tier.ts';
import { readPolicy } from '../shared/decision/policy.ts';
import type { Io } from './io.ts';
import { settingsFile } from './settings-file.ts';

/**
 * Reads a policy file: the named one, else that of FIREBREAK_POLICY, else the shipped one.
 *
 * @throws Malformed with the file, the line and the error.
 */
export const policyFile = (
  io: Pick<Io, 'cwd' | 'env'>,
  named: string | undefined,
): Promise<Rules & { path: string; shipped: boolean }> =>
  settingsFile(io, 'policy', named, (text) => {
    const { policy, hash } = readPolicy(text);
    return { policy, policyHash: hash };
  });
