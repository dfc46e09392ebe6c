import { z } from 'zod';
import { ask } from './decision.ts';
import { SEVERITIES, TIERS } from './ids.ts';
import { target } from './target.ts';
import { time } from './time.ts';

export const NOTICE_KINDS = [
  'opened',
  'raised',
  'ask',
  'step',
  'contained',
  'failed',
  'released',
  'closed',
  'refused',
  'held',
  'reminder',
  'info',
] as const;

export const INCIDENT_STATES = ['open', 'asking', 'containing', 'contained', 'failed', 'released', 'closed'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** The open question of a notice, with what an approval adds to its tier. */
export const noticeAsk = ask.pick({ tier: true, plan: true, until: true, lifts: true, stopFirst: true, options: true });

/** A message to people. `seq` rises per incident, so a receiver can tell which of two notices is newer. */
export const notice = z.object({
  v: z.literal(1),
  incident: z.string(),
  seq: z.number().int().nonnegative(),
  kind: z.enum(NOTICE_KINDS),
  at: time,
  title: z.string(),
  lines: z.array(z.string()),
  severity: z.enum(SEVERITIES).nullable(),
  tier: z.enum(TIERS).nullable(),
  state: z.enum(INCIDENT_STATES),
  /** What the notice tells of changes nothing: the policy, or the goal, is a dry run. */
  dryRun: z.literal(true).optional(),
  target,
  ask: noticeAsk.optional(),
});
export type Notice = z.infer<typeof notice>;
