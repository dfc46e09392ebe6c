import { z } from 'zod';
import { TIERS } from '../model/ids.ts';
import { problemOf } from './expression.ts';

/** A pattern: the characters of the names that it is matched against, and `*`. */
export const glob = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[A-Za-z0-9.:_/*-]+$/, 'expected a name, or a pattern with *');

const expression = z
  .string()
  .trim()
  .min(1)
  .max(2000)
  .superRefine((text, context) => {
    const message = problemOf(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** A sentence for the record. */
export const sentence = z.string().trim().min(1).max(300);

/** What must hold for an incident: every field that is given. */
export const condition = z
  .strictObject({
    project: glob(100).optional(),
    cluster: glob(63).optional(),
    namespace: glob(63).optional(),
    /** `NAME` or `KIND/NAME` of the pod or any of its controllers. */
    workload: glob(320).optional(),
    rule: glob(63).optional(),
    /** Labels of a pod: each key with a pattern for its value. All of them must match. */
    labels: z.record(glob(317), glob(63)).optional(),
    hostReach: z.boolean().optional(),
    /** The matrix chose this tier or a higher one. */
    atLeast: z.enum(TIERS).optional(),
    /** A condition in CEL over the facts that `config/policy.yaml` lists. */
    cel: expression.optional(),
  })
  .refine((when) => Object.keys(when).length > 0, { message: 'name at least one condition' });
export type Condition = z.infer<typeof condition>;

/** Changes what the matrix chose: `raise` to at least, or `limit` to at most this tier. */
export const override = z
  .strictObject({
    when: condition,
    raise: z.enum(TIERS).optional(),
    limit: z.enum(TIERS).optional(),
    because: sentence,
  })
  .refine((o) => (o.raise === undefined) !== (o.limit === undefined), { message: 'give either raise or limit' });
export type Override = z.infer<typeof override>;

const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;

const expiry = z.string().refine((text) => (DAY.test(text) || MOMENT.test(text)) && !Number.isNaN(Date.parse(text)), {
  message: 'expected a day such as 2026-12-31, or a time such as 2026-12-31T12:00:00Z',
});

/** Known noise that `owner` vouches for: incidents that meet the condition get `limit` at most. A day ends in UTC. */
export const suppression = z.strictObject({
  when: condition,
  limit: z.enum(TIERS).default('observe'),
  owner: z.string().trim().min(1).max(254),
  reason: sentence,
  expires: expiry,
});
export type Suppression = z.infer<typeof suppression>;

/** When the attacker is destroying things, so that the evidence gates are dropped. */
export const stopFirst = z.strictObject({ when: condition, because: sentence });

export const OPTIONAL_STEPS = ['investigate', 'forensics', 'sandbox', 'drain', 'freeze'] as const;

/** Optional steps that the policy adds without a request. */
export const addition = z.strictObject({
  when: condition,
  add: z.array(z.enum(OPTIONAL_STEPS)).min(1).max(OPTIONAL_STEPS.length),
  because: sentence,
});
