import { z } from 'zod';
import { finding } from './finding.ts';
import { stamp } from './incident.ts';
import { time } from './time.ts';

/** `heads/KEY`: the number of the newest episode of an incident key, counted by compare-and-set. */
export const head = z.looseObject({
  ...stamp,
  key: z.string(),
  episode: z.number().int().positive(),
  incident: z.string(),
});
export type Head = z.infer<typeof head>;

/**
 * `findings/ID`: names the incident it is merged into, with the key and episode that one was counted by. Written once; only
 * where that incident was ended before the finding was merged, it is moved to the next.
 */
export const findingRecord = z.looseObject({
  ...stamp,
  finding,
  incident: z.string(),
  key: z.string().optional(),
  episode: z.number().int().positive().optional(),
});
export type FindingRecord = z.infer<typeof findingRecord>;

/** `subjects/ID` (pod UID, instance id): the incidents that hold it, newest last. */
export const subjectRecord = z.looseObject({ ...stamp, incidents: z.array(z.string()) });
export type SubjectRecord = z.infer<typeof subjectRecord>;

/** `settings/halt`: while halted, no change is sent. */
export const haltRecord = z.looseObject({
  ...stamp,
  halted: z.boolean(),
  at: time,
  by: z.string(),
  reason: z.string(),
  /** The request that set it. */
  request: z.string().optional(),
  /** When people were last told that the halt still holds. */
  toldAt: time.optional(),
});
export type HaltRecord = z.infer<typeof haltRecord>;

/** `dead/ID`: a message that could not be handled, with what it was and why. */
export const deadLetter = z.looseObject({
  ...stamp,
  id: z.string(),
  topic: z.string(),
  /** When it was given up, and when it had been published. */
  at: time,
  publishedAt: time.optional(),
  /** How often it was delivered before that. */
  deliveries: z.number().int().positive().optional(),
  /** What its last attempt met, where that is written down. */
  error: z.string().optional(),
  attributes: z.record(z.string(), z.string()),
  body: z.unknown(),
});
export type DeadLetter = z.infer<typeof deadLetter>;
