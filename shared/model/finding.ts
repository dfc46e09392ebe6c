import { z } from 'zod';
import { MAX_PRINCIPAL } from '../kubernetes/names.ts';
import { FAMILIES, SEVERITIES } from './ids.ts';
import { target } from './target.ts';
import { time } from './time.ts';

const word = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[A-Za-z0-9._:/-]+$/);

/** A change to the world that an audit log entry reports, in a form that can be compared with our own journals. */
export const change = z.strictObject({
  service: word(100),
  /** `core/pods/exec` of a Kubernetes API, `instances` of Compute Engine. */
  resource: word(200),
  verb: word(100),
  namespace: word(253).optional(),
  /** The object's own name, without its path. */
  name: word(253).optional(),
});
export type Change = z.infer<typeof change>;

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
  principal: z.string().max(MAX_PRINCIPAL).optional(),
  /** The change itself, if one of our own identities made it. */
  change: change.optional(),
  line: z.number().int().positive().optional(),
});
export type Finding = z.infer<typeof finding>;
