import type { AuditRule } from './rule.ts';
import { listedAddress } from './rules/listed-address.ts';

/** The rules that ask what is known of a deployment besides its entries. */
export const KNOWN_RULES: readonly AuditRule[] = [listedAddress];
