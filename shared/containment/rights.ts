import { RESERVE_RBAC } from './reserve.ts';
import type { RbacRule } from './step.ts';
import { STEPS } from './steps/registry.ts';

/** Everything that contain does in a cluster: what its steps declare, and what the run reads for the budget. */
export const CONTAIN_RBAC: readonly RbacRule[] = [...STEPS.flatMap((step) => step.permissions.rbac), ...RESERVE_RBAC];
