import { z } from 'zod';
import { TIERS, type Tier } from './ids.ts';
import { time } from './time.ts';

export const VERDICTS = ['act', 'ask', 'dry-run'] as const;

/** Optional steps that the policy or a request may add to a tier's playbook. */
export const planOptions = z.object({
  investigate: z.boolean().optional(),
  forensics: z.boolean().optional(),
  sandbox: z.boolean().optional(),
  drain: z.boolean().optional(),
  freeze: z.boolean().optional(),
});
export type PlanOptions = z.infer<typeof planOptions>;

/** A question to operators: may the incident go to this tier? `until`: when the question lapses. */
export const ask = z.object({
  tier: z.enum(TIERS),
  plan: z.string(),
  until: time,
  /** An approval also lifts the budgets for this incident. */
  lifts: z.literal(true).optional(),
  /** The operator who wants this tier, if another operator must approve it. */
  by: z.string().optional(),
  /** Why that operator wants it, in sentences. */
  because: z.array(z.string()).optional(),
  /** What an approval adds to the playbook of the tier. */
  stopFirst: z.boolean().optional(),
  options: planOptions.optional(),
  /**
   * The UIDs that an operator named, if the tier is for these alone; without it, the ask is for all that the incident
   * holds.
   */
  only: z.array(z.string()).optional(),
  /** An operator's ask that this one replaced. Removed once that is noted in the incident and people are told. */
  replaces: z.object({ tier: z.enum(TIERS), plan: z.string(), by: z.string().optional() }).optional(),
});
export type Ask = z.infer<typeof ask>;

/** The decision on an incident: how far it goes now, why in sentences, and the ask that is open besides. */
export const decision = z.object({
  verdict: z.enum(VERDICTS),
  tier: z.enum(TIERS),
  asked: ask.optional(),
  because: z.array(z.string()),
  policyHash: z.string(),
  at: time,
});
export type Decision = z.infer<typeof decision>;

/** What contain must bring an incident to. `rev` rises with every change; contain sets `run.rev` to it when done. */
export const goal = z.object({
  rev: z.number().int().positive(),
  tier: z.union([z.enum(TIERS), z.literal('released'), z.literal('closed')]),
  by: z.string(),
  mode: z.enum(['act', 'dry-run']),
  /** When the goal was set. Under a halt only a release that was asked for after the halt may change anything. */
  at: time,
  /** Whether an operator set it, by a request or an approval. Suppressions and modes do not cap such a goal. */
  requested: z.boolean(),
  stopFirst: z.boolean().optional(),
  options: planOptions.optional(),
  /** When an operator last asked for `investigate`: an access whose time was over by then is opened again. */
  accessAt: time.optional(),
  /** The tiers that operators granted, by the UID of the subject. Without this the goal is for all subjects. */
  covers: z.array(z.object({ uid: z.string(), tier: z.enum(TIERS) })).optional(),
  /** The policy's own tier and options for subjects that joined later and that no grant covers. */
  otherwise: z
    .object({ tier: z.enum(TIERS), stopFirst: z.boolean().optional(), options: planOptions.optional() })
    .optional(),
});
export type Goal = z.infer<typeof goal>;

/** The tier that a goal is for; undefined where there is no goal, or it ends the incident. */
export const tierOf = (goal: Goal | null): Tier | undefined =>
  goal === null || goal.tier === 'released' || goal.tier === 'closed' ? undefined : goal.tier;
