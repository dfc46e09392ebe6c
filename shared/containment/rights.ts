import type { StepId } from '../model/ids.ts';
import { RESERVE_RBAC } from './reserve.ts';
import type { RbacRule } from './step.ts';
import { STEPS } from './steps/registry.ts';

/** The steps that end workloads for good: those of the tiers redeploy and delete-workload. */
const DELETING: ReadonlySet<StepId> = new Set<StepId>(['delete-pod', 'delete-workload', 'kill-container']);

/**
 * The RBAC rules that contain needs in a cluster: those of its steps, and those for the budget. `deleting: false`
 * leaves out what only the steps that delete workloads need.
 */
export const containRbac = ({ deleting }: { deleting: boolean }): readonly RbacRule[] => [
  ...STEPS.filter(({ id }) => deleting || !DELETING.has(id)).flatMap((step) => step.permissions.rbac),
  ...RESERVE_RBAC,
];

/** All RBAC rules that contain needs in a cluster. */
export const CONTAIN_RBAC = containRbac({ deleting: true });
