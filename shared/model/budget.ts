import { z } from 'zod';
import { stamp } from './incident.ts';
import { time } from './time.ts';

/** One node or workload that an incident takes out of service, and the principals whose actions it answers. */
export const spent = z.object({
  kind: z.enum(['node', 'workload']),
  /** Of a node: the instance id of its VM, else the Node's UID. Of a workload: the UID of its top controller. */
  uid: z.string(),
  incident: z.string(),
  at: time,
  /** Only for a workload. */
  namespace: z.string().optional(),
  /** None for a workload: only nodes have a budget by principal. */
  principals: z.array(z.string()),
});
export type Spent = z.infer<typeof spent>;

/** `budgets/CLUSTER`: recent reservations on one cluster. The next reservation drops those that no longer count. */
export const budgetRecord = z.looseObject({ ...stamp, id: z.string(), spent: z.array(spent) });
export type BudgetRecord = z.infer<typeof budgetRecord>;
