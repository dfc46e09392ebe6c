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

/**
 * One step of a plan on one resolved subject. The lists hold item keys. `after`: the `<-` of the playbooks, each of
 * them is needed. `anyOf`: one of them is enough. `follows`: each must be settled first, whatever its outcome.
 */
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

/** How a person revokes a right that outlives a containment: the command, and what it ends. */
export const revocation = z.object({ ends: z.string(), command: z.string() });
export type Revocation = z.infer<typeof revocation>;

/**
 * The record of one step on one subject. `before` is the before-image that `release` restores; `because` gives the
 * reason in a sentence; `proof` is the result of checking the change in the world, null until it was checked.
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
  /** The mark that the change carries in the world, if it is that of an earlier incident: the change was taken over. */
  mark: z.string().optional(),
  /** The incident that took the change over, and that has to undo it now. */
  takenBy: z.string().optional(),
  /** On a host: the closed incidents that had left the change, until people took it back and others made it again. */
  lostBy: z.array(z.string()).optional(),
  /** Since when each try of the step, or of its undo, has been denied, or has met a quota. */
  refusedFrom: time.optional(),
  /** When contain undoes an applied change without being asked, such as an opened access. */
  until: time.optional(),
  /** Since when the change is being undone; if it was under way then, when nothing sent for it can still arrive. */
  undoFrom: time.optional(),
  /** A close ended the step half-way: it counts as applied, and nobody knows how much of its change is in the world. */
  halfway: z.literal(true).optional(),
  /** The undo was denied or refused for good: the change still stands, and the before-image is still needed. */
  givenUp: z.literal(true).optional(),
  /**
   * The change is made although our mark stands: it was taken over and is no longer in force, or somebody had set the
   * mark before us.
   */
  anew: z.literal(true).optional(),
  /** Commands that revoke the rights which, as this step found, stay valid whatever is done to the pod. */
  revoke: z.array(revocation).optional(),
});
export type Entry = z.infer<typeof entry>;

/** `step subject uid`: identifies an item and its entry. A pod re-created under the same name has another key. */
export const keyOf = (item: { step: string; subject: string; uid: string }): string =>
  `${item.step} ${item.subject} ${item.uid}`;

const SETTLED: readonly EntryState[] = ['applied', 'skipped', 'refused', 'failed', 'dry-run', 'undone', 'not-undoable'];

/** Whether an entry is finished under its goal. `held` is not: it waits for a person, and there is nothing to do. */
export const isSettled = (e: Entry): boolean => SETTLED.includes(e.state);

/** Whether the world holds, or may hold, the change of this entry, and no other incident has taken it over. */
export const inForce = (e: Entry): boolean => e.takenBy === undefined && isStanding(e);

/**
 * Whether a closed episode leaves something of this entry that the next one must be able to take back: a change in
 * force, or the before-image of a step that failed or was refused after it had begun.
 */
export const isLeftBehind = (e: Entry): boolean =>
  inForce(e) || (e.takenBy === undefined && e.before !== undefined && (e.state === 'failed' || e.state === 'refused'));

/** Whether the world holds, or may hold, the change of this entry, whichever incident owns the change by now. */
export const isStanding = (e: Entry): boolean =>
  e.state === 'applied' ||
  e.state === 'applying' ||
  (e.state === 'pending' && e.before !== undefined) ||
  (e.state === 'held' && (e.before !== undefined || e.host !== undefined));

/** Whether an entry was begun in earnest, so that there may be a change of ours in the world. */
export const isBegunInEarnest = (e: Entry): boolean =>
  e.state !== 'dry-run' && (e.before !== undefined || e.host !== undefined);

/**
 * Whether a budget holds an entry back, and not a lowered policy or a halt: nothing of it was begun, or its change is
 * not proven. It was taken over and is no longer in force, or the budget that was reserved for it no longer counts.
 */
export const isHeldBack = (e: Entry): boolean =>
  e.state === 'held' && (!isBegunInEarnest(e) || e.proof === 'not proven');
