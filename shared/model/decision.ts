import { z } from 'zod';
import { TIERS } from './ids.ts';
import { time } from './time.ts';

export const VERDICTS = ['act', 'ask', 'dry-run'] as const;

/** What may be added to a tier's playbook, by the policy or by a request. */
export const planOptions = z.object({
  investigate: z.boolean().optional(),
  forensics: z.boolean().optional(),
  sandbox: z.boolean().optional(),
  drain: z.boolean().optional(),
  freeze: z.boolean().optional(),
});
export type PlanOptions = z.infer<typeof planOptions>;

/** What an operator is asked for, until when. */
export const ask = z.object({
  tier: z.enum(TIERS),
  plan: z.string(),
  until: time,
  /** An approval lifts the budgets for this incident. */
  lifts: z.literal(true).optional(),
  /** The operator who wants it, where another one must approve; what was asked for with it. */
  by: z.string().optional(),
  stopFirst: z.boolean().optional(),
  options: planOptions.optional(),
  /** The UIDs that it is for, where an operator named them and the incident holds more; without it it is for all of that. */
  only: z.array(z.string()).optional(),
  /** The ask of an operator that it took the place of, until the tick has noted that and told people. */
  replaces: z.object({ tier: z.enum(TIERS), plan: z.string(), by: z.string().optional() }).optional(),
});
export type Ask = z.infer<typeof ask>;

/** What the policy chose, why in sentences, and what it asks for beyond. */
export const decision = z.object({
  verdict: z.enum(VERDICTS),
  tier: z.enum(TIERS),
  asked: ask.optional(),
  because: z.array(z.string()),
  policyHash: z.string(),
  at: time,
});
export type Decision = z.infer<typeof decision>;

/** What an incident is to become. `rev` rises with every change; contain answers with `run.rev`. */
export const goal = z.object({
  rev: z.number().int().positive(),
  tier: z.union([z.enum(TIERS), z.literal('released'), z.literal('closed')]),
  by: z.string(),
  mode: z.enum(['act', 'dry-run']),
  /** When the goal was set: under halt only a release asked for after it may change things. */
  at: time,
  /** Whether an operator's word (request or approval) set it: then suppression and mode do not cap it. */
  requested: z.boolean(),
  stopFirst: z.boolean().optional(),
  options: planOptions.optional(),
  /** What operators granted, by the UID of the subject that it is for; without it the goal is for all that the incident holds. */
  covers: z.array(z.object({ uid: z.string(), tier: z.enum(TIERS) })).optional(),
  /** What the policy itself decided for what joined later, which no operator's word covers, and what it adds of its own. */
  otherwise: z
    .object({ tier: z.enum(TIERS), stopFirst: z.boolean().optional(), options: planOptions.optional() })
    .optional(),
});
export type Goal = z.infer<typeof goal>;
