import { z } from 'zod';

const labels = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((found) => found ?? {});

const number = z.union([z.string(), z.number()]).nullish();

/**
 * A notification of Cloud Monitoring, version 1.2, without unused fields. Numbers may also come as strings, and as
 * prose; `ended_at` may be the string "null".
 */
export const notification = z.looseObject({
  version: z.string().nullish(),
  incident: z.looseObject({
    incident_id: z.string().min(1).max(512),
    state: z.string().max(64),
    started_at: z.unknown().optional(),
    ended_at: z.unknown().optional(),
    scoping_project_id: z.string().nullish(),
    policy_name: z.string().nullish(),
    policy_user_labels: labels,
    condition_name: z.string().nullish(),
    condition: z.looseObject({}).nullish(),
    observed_value: number,
    threshold_value: number,
    metric: z.looseObject({ type: z.string().nullish(), labels }).nullish(),
    resource: z.looseObject({ type: z.string().nullish(), labels }).nullish(),
    metadata: z.looseObject({ system_labels: labels, user_labels: labels }).nullish(),
  }),
});

/** The incident that a notification is about, with any kind of condition. */
export type MonitoringIncident = z.infer<typeof notification>['incident'];
