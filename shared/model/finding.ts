import { z } from 'zod';
import { FAMILIES, SEVERITIES } from './ids.ts';
import { target } from './target.ts';
import { time } from './time.ts';

/**
 * "This rule saw this, on this target, severity, confidence, because ...". Made by a detection rule, published on
 * `findings`, stored create-only. `id` is derived from rule, event and target, so a redelivered event is the same
 * finding.
 */
export const finding = z.object({
  v: z.literal(1),
  id: z.string().regex(/^[a-z0-9-]{1,80}$/),
  rule: z.string().regex(/^[a-z0-9-]{1,63}$/),
  severity: z.enum(SEVERITIES),
  confidence: z.number().min(0).max(1),
  because: z.array(z.string().max(1000)).min(1).max(20),
  target,
  at: time,
  source: z.string().regex(/^[a-z0-9-]{1,63}$/),
  family: z.enum(FAMILIES),
  conclusive: z.boolean().optional(),
  principal: z.string().max(320).optional(),
  line: z.number().int().positive().optional(),
});
export type Finding = z.infer<typeof finding>;
