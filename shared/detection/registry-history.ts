import type { HistoryRule } from './rule.ts';
import { certificateSelfApproved } from './rules/certificate-self-approved.ts';
import { destructiveDeleteBurst } from './rules/destructive-delete-burst.ts';
import { firstExecIntoPod } from './rules/first-exec-into-pod.ts';
import { firstImpersonation } from './rules/first-impersonation.ts';
import { forbiddenBurst } from './rules/forbidden-burst.ts';
import { impersonationAttempts } from './rules/impersonation-attempts.ts';
import { manyMachinesCreated } from './rules/many-machines-created.ts';
import { permissionDeniedBurst } from './rules/permission-denied-burst.ts';
import { reconnaissanceBurst } from './rules/reconnaissance-burst.ts';
import { tokenFromTwoNetworks } from './rules/token-from-two-networks.ts';
import { unauthenticatedProbeBurst } from './rules/unauthenticated-probe-burst.ts';

/** The rules over several audit entries, which remember the earlier ones. */
export const HISTORY_RULES: readonly HistoryRule[] = [
  certificateSelfApproved,
  destructiveDeleteBurst,
  firstExecIntoPod,
  firstImpersonation,
  forbiddenBurst,
  impersonationAttempts,
  manyMachinesCreated,
  permissionDeniedBurst,
  reconnaissanceBurst,
  tokenFromTwoNetworks,
  unauthenticatedProbeBurst,
];
