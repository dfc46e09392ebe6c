import { Denied, Exhausted, Malformed, sentenceOf, Throttled, Unadmitted } from '../errors.ts';
import type { Entry } from '../model/entry.ts';
import { earliest, msOf, type Time, timeOf } from '../model/time.ts';
import { momentText } from '../views/time.ts';

/** How long a denied containment step is tried again, to give IAM time to propagate. */
export const DENIED_MS = 15 * 60_000;
/** How long it waits between two of these tries: no step on a host waits longer until it is looked at again. */
export const DENIED_WAKE_MS = 30_000;

/** The reasons as one text; a step and its check may give the same one. */
export const reasons = (...parts: Array<string | undefined>): { because?: string } => {
  const said = [...new Set(parts)].filter((part) => part !== undefined && part !== '');
  return said.length === 0 ? {} : { because: said.join('; ') };
};

/** An entry for an item that has none, under this goal. */
export const newEntry = (
  { step, subject, uid }: Pick<Entry, 'step' | 'subject' | 'uid'>,
  rev: number,
  now: number,
): Entry => ({
  step,
  subject,
  uid,
  state: 'pending',
  startedAt: timeOf(now),
  proof: null,
  rev,
});

/** The entry in a final state, with its end time, and without what is only for a step under way. */
export const settled = (
  entry: Entry,
  state: Entry['state'],
  now: number,
  because?: string,
  proof: Entry['proof'] = null,
): Entry => {
  const { wakeAt: _, because: __, anew: ___, givenUp: ____, refusedFrom: _____, ...rest } = entry;
  return { ...rest, state, proof, endedAt: timeOf(now), ...reasons(because) };
};

/** The entry of a step that had not begun when its incident was ended. */
export const unbegun = (entry: Entry, ended: 'released' | 'closed', now: number): Entry =>
  settled(entry, 'skipped', now, `${ended} before this step began`);

/** A refusal that may pass: a right is granted, a quota freed, or a webhook repaired. */
export const mayPass = (thrown: unknown): thrown is Denied | Exhausted =>
  thrown instanceof Denied || thrown instanceof Exhausted;

/** What happened to a step, or its undo, that met such a refusal, in words. */
export const whatOf = (thrown: Denied | Exhausted): string => {
  if (thrown instanceof Unadmitted) return 'an admission webhook did not answer';
  return thrown instanceof Exhausted ? 'a quota was used up' : 'denied';
};

/** A step that was to be tried again longer ago than this has not been: a halt was in force, or nothing ran. */
const UNTRIED_MS = 5 * 60_000;

/**
 * Since when each try of an entry has been refused, the one at `now` included. Time in which nobody tried does not
 * count.
 */
export const refusedSince = ({ refusedFrom, wakeAt }: Entry, now: number): Time =>
  refusedFrom === undefined || wakeAt === undefined || now - msOf(wakeAt) > UNTRIED_MS ? timeOf(now) : refusedFrom;

/** Whether each try has been refused for 15 minutes. */
export const isRefusedLong = (entry: Entry, now: number): boolean => now >= msOf(refusedSince(entry, now)) + DENIED_MS;

/** The entry after a try that was not refused. */
export const unrefused = ({ refusedFrom: _, ...entry }: Entry): Entry => entry;

/**
 * The entry of a step that was denied, or met a quota: it waits, to be tried again, and fails once 15 minutes have
 * passed in which each try was refused.
 */
export const denied = (entry: Entry, thrown: Denied | Exhausted, now: number): Entry => {
  const what = whatOf(thrown);
  const refusedFrom = refusedSince(entry, now);
  const until = timeOf(msOf(refusedFrom) + DENIED_MS);
  if (timeOf(now) >= until) return settled(entry, 'failed', now, `${what} for 15 minutes: ${thrown.message}`);
  const wakeAt = earliest(timeOf(now + DENIED_WAKE_MS), until);
  return {
    ...entry,
    state: 'pending',
    refusedFrom,
    because: `${what}, will be tried again until ${momentText(until)}: ${thrown.message}`,
    ...(wakeAt === undefined ? {} : { wakeAt }),
  };
};

/** How long a step waits for calls of the next minute: longer than a run sleeps, so that it gives way to others. */
const THROTTLED_WAKE_MS = 20_000;

/** The entry of a step for which no call is left in this minute. */
export const throttled = (entry: Entry, thrown: Throttled, now: number): Entry => {
  const wakeAt = timeOf(now + THROTTLED_WAKE_MS);
  return { ...entry, state: 'pending', because: `tried again from ${momentText(wakeAt)}: ${thrown.message}`, wakeAt };
};

/** The entry of a dry run. It keeps no before-image: a run in earnest reads the world again. */
export const tried = (
  { before: _, requestId: __, deadline: ___, until: ____, ...entry }: Entry,
  now: number,
  because: string,
): Entry => settled(entry, 'dry-run', now, because);

/**
 * When work on an entry ended that is only now found held: it waited until its `wakeAt`, and a run that comes later
 * than that has not worked on it in the meantime.
 */
export const lastWorkedOn = ({ wakeAt }: Pick<Entry, 'wakeAt'>, now: number): number =>
  wakeAt === undefined ? now : Math.min(now, msOf(wakeAt));

/** An entry that was begun in earnest and must not go on. It keeps its image, and waits for a new goal or a release. */
export const leftAsItIs = (entry: Entry, because: string, now: number): Entry =>
  settled(entry, 'held', lastWorkedOn(entry, now), `its operations so far are left as they are: ${because}`);

/** The entry of a step that met a fault, if the fault ends or delays only this step. */
export const afterFault = (entry: Entry, thrown: unknown, now: number): Entry | undefined => {
  if (thrown instanceof Throttled) return throttled(entry, thrown, now);
  if (mayPass(thrown)) return denied(entry, thrown, now);
  return thrown instanceof Malformed ? settled(entry, 'failed', now, sentenceOf(thrown)) : undefined;
};
