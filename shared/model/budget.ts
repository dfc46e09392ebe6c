import { z } from 'zod';
import { stamp } from './incident.ts';
import { time } from './time.ts';

/** One node or workload that an incident takes out of service, and for whose doings. */
export const spent = z.object({
  kind: z.enum(['node', 'workload']),
  /** Instance id of the node (its UID where it has none), UID of the top controller. */
  uid: z.string(),
  incident: z.string(),
  at: time,
  /** Of a workload. */
  namespace: z.string().optional(),
  principals: z.array(z.string()),
});
export type Spent = z.infer<typeof spent>;

/** `budgets/CLUSTER`: what was reserved on a cluster of late; older entries are dropped with the next reservation. */
export const budgetRecord = z.looseObject({ ...stamp, id: z.string(), spent: z.array(spent) });
export type BudgetRecord = z.infer<typeof budgetRecord>;
