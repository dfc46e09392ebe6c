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
  /** When this episode was counted. */
  countedAt: time.optional(),
});
export type Head = z.infer<typeof head>;

/**
 * `findings/ID`: a finding and the incident that it is merged into, with that incident's key and episode. Written once.
 * It is moved to another episode only if its own was ended, or followed by the next, before the finding was merged.
 */
export const findingRecord = z.looseObject({
  ...stamp,
  finding,
  incident: z.string(),
  key: z.string().optional(),
  episode: z.number().int().positive().optional(),
});
export type FindingRecord = z.infer<typeof findingRecord>;

/** `subjects/ID` (UID of a pod or controller, instance id): the incidents that hold the subject, newest last. */
export const subjectRecord = z.looseObject({ ...stamp, incidents: z.array(z.string()) });
export type SubjectRecord = z.infer<typeof subjectRecord>;

/** The id of the only document of `halts`. */
export const HALT_ID = 'halt';

/** `halts/halt`: while halted, no change is sent, except by releases that were asked for after the halt. */
export const haltRecord = z.looseObject({
  ...stamp,
  halted: z.boolean(),
  /** When it was asked for, as its sender says. */
  at: time,
  /** When it was stored, by our own clock. */
  since: time.optional(),
  /** When a halt was last asked for while one held already: a resume from before that is older than a halt. */
  againAt: time.optional(),
  by: z.string(),
  reason: z.string(),
  /** The request that set it. */
  request: z.string().optional(),
  /** The halts and resumes that were carried out, newest last, so that a redelivery gets the first answer again. */
  done: z.array(z.object({ id: z.string(), halted: z.boolean() })).optional(),
  /** When people were last told that the halt still holds. */
  toldAt: time.optional(),
});
export type HaltRecord = z.infer<typeof haltRecord>;

/** `dead/ID`: a message that was given up because no delivery of it could be handled. */
export const deadLetter = z.looseObject({
  ...stamp,
  id: z.string(),
  topic: z.string(),
  /** When it was given up, and when it had been published. */
  at: time,
  publishedAt: time.optional(),
  /** How often it had been delivered by then. */
  deliveries: z.number().int().positive().optional(),
  /** The error of the last attempt, if it was recorded. */
  error: z.string().optional(),
  attributes: z.record(z.string(), z.string()),
  body: z.unknown(),
});
export type DeadLetter = z.infer<typeof deadLetter>;
