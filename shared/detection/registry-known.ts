import type { AuditRule } from './rule.ts';
import { listedAddress } from './rules/listed-address.ts';
import { ownIdentityChange } from './rules/own-identity-change.ts';

/** The rules that use facts about the deployment besides the log entries. */
export const KNOWN_RULES: readonly AuditRule[] = [listedAddress, ownIdentityChange];
