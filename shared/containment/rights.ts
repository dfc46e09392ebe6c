import type { StepId } from '../model/ids.ts';
import { RESERVE_RBAC } from './reserve.ts';
import type { RbacRule } from './step.ts';
import { STEPS } from './steps/registry.ts';

/** The steps that end workloads for good: those of the tiers redeploy and delete-workload. */
const DELETING: ReadonlySet<StepId> = new Set<StepId>(['delete-pod', 'delete-workload', 'kill-container']);

/**
 * Everything that contain does in a cluster: what its steps declare, and what the run reads for the budget; on demand
 * without what only the steps need that delete workloads.
 */
export const containRbac = ({ deleting }: { deleting: boolean }): readonly RbacRule[] => [
  ...STEPS.filter(({ id }) => deleting || !DELETING.has(id)).flatMap((step) => step.permissions.rbac),
  ...RESERVE_RBAC,
];

/** Everything that contain does in a cluster. */
export const CONTAIN_RBAC = containRbac({ deleting: true });
