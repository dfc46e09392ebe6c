import { z } from 'zod';
import { TIERS } from './ids.ts';
import { stamp } from './incident.ts';
import { target } from './target.ts';
import { time } from './time.ts';

export const ACTIONS = ['contain', 'approve', 'reject', 'release', 'close', 'halt', 'resume'] as const;

/** What an operator asks for. Strict: people write it, and a misspelt field must not be ignored. */
export const request = z.strictObject({
  // It names a document: neither `.` nor `..`, nor what Firestore keeps for itself.
  id: z
    .string()
    .regex(/^(?!\.{1,2}$|__.*__$)[A-Za-z0-9._-]{1,100}$/, 'not an id')
    .optional(),
  at: z.string().max(40).optional(),
  action: z.enum(ACTIONS),
  tier: z.enum(TIERS).optional(),
  target: target.optional(),
  incident: z
    .string()
    .regex(/^[a-z0-9-]{1,80}$/, 'not the id of an incident')
    .optional(),
  plan: z
    .string()
    .regex(/^[a-f0-9]{8,64}$/, 'not the hash of a plan')
    .optional(),
  reason: z.string().trim().min(1, 'must not be empty').max(1000),
  requestedBy: z.string().trim().min(1, 'must not be empty').max(254),
  idToken: z.string().max(8192).optional(),
  stopFirst: z.boolean().optional(),
  investigate: z.boolean().optional(),
  forensics: z.boolean().optional(),
  sandbox: z.boolean().optional(),
  drain: z.boolean().optional(),
});
export type Request = z.infer<typeof request>;

/** A request and what became of it; `outcome` is the sentence that its sender gets as an answer. */
export const requestRecord = z.looseObject({
  ...stamp,
  id: z.string(),
  /** The request as it came, without its ID token. */
  request: request.omit({ idToken: true }).nullable(),
  publishedAt: time,
  firstSeenAt: time,
  state: z.enum(['seen', 'accepted', 'refused']),
  outcome: z.string().optional(),
  incident: z.string().optional(),
  /** The sender, as the ID token proved at the first reading: a later delivery may find the token expired. */
  operator: z.string().optional(),
  operatorDomain: z.string().optional(),
  /** The episode of the request, noted before it is carried in, so that it is never carried into another one. */
  key: z.string().optional(),
  episode: z.number().int().positive().optional(),
});
export type RequestRecord = z.infer<typeof requestRecord>;
