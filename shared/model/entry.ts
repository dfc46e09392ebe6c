import { z } from 'zod';
import { STEP_IDS } from './ids.ts';
import { time } from './time.ts';

export const ENTRY_STATES = [
  'applying',
  'pending',
  'applied',
  'skipped',
  'refused',
  'failed',
  'held',
  'dry-run',
  'undone',
  'not-undoable',
] as const;
export type EntryState = (typeof ENTRY_STATES)[number];

/** One step of a plan on one resolved subject. `after` lists item keys: the `<-` of the playbooks; `anyOf`, where one is enough. `follows`: whatever their outcome. */
export const planItem = z.object({
  step: z.enum(STEP_IDS),
  subject: z.string(),
  uid: z.string(),
  start: z.boolean().optional(),
  after: z.array(z.string()),
  anyOf: z.array(z.string()).optional(),
  follows: z.array(z.string()).optional(),
});
export type PlanItem = z.infer<typeof planItem>;

/** A right that outlives a containment: what ends with it, and the command by which a person revokes it. */
export const revocation = z.object({ ends: z.string(), command: z.string() });
export type Revocation = z.infer<typeof revocation>;

/**
 * The record of one step on one subject. `before` is the before-image that `release` restores; `because` says why
 * in a sentence; `proof` is what asking the world gave, null until asked.
 */
export const entry = z.object({
  step: z.enum(STEP_IDS),
  subject: z.string(),
  uid: z.string(),
  state: z.enum(ENTRY_STATES),
  because: z.string().optional(),
  startedAt: time,
  endedAt: time.optional(),
  proof: z.enum(['proven', 'not proven']).nullable(),
  before: z.record(z.string(), z.unknown()).optional(),
  /** The goal.rev under which this entry was last worked on. */
  rev: z.number().int(),
  /** The hosts document that owns the change, where it is shared. */
  host: z.string().optional(),
  requestId: z.string().optional(),
  operation: z.string().optional(),
  deadline: time.optional(),
  wakeAt: time.optional(),
  /** The mark that the change carries in the world, where it is another's: taken over from an earlier incident. */
  mark: z.string().optional(),
  /** The incident that took the change over: it is that one's to undo. */
  takenBy: z.string().optional(),
  /** When an applied change is undone by itself, as an opened access is. */
  until: time.optional(),
  /** Since when it is being taken back; of one that was under way then: when nothing that was sent for it can still arrive. */
  undoFrom: time.optional(),
  /** What this step found to stay valid whatever is done to the pod, with the commands that end it. */
  revoke: z.array(revocation).optional(),
});
export type Entry = z.infer<typeof entry>;

/** `step subject uid`: what identifies an item and its entry; a re-created pod of the same name is another. */
export const keyOf = (item: { step: string; subject: string; uid: string }): string =>
  `${item.step} ${item.subject} ${item.uid}`;

const SETTLED: readonly EntryState[] = ['applied', 'skipped', 'refused', 'failed', 'dry-run', 'undone', 'not-undoable'];

/** Whether nothing more is to be done for an entry under its goal (`held` waits for a person, and is no work either). */
export const isSettled = (e: Entry): boolean => SETTLED.includes(e.state);

/** Whether the world holds, or may hold, a change of this incident. */
export const inForce = (e: Entry): boolean => e.takenBy === undefined && isStanding(e);

/** Whether the world holds, or may hold, a change of ours, whichever incident it is by now. */
export const isStanding = (e: Entry): boolean =>
  e.state === 'applied' ||
  e.state === 'applying' ||
  (e.state === 'pending' && e.before !== undefined) ||
  (e.state === 'held' && (e.before !== undefined || e.host !== undefined));
