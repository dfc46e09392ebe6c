import { againOnConflict } from '../again-on-conflict.ts';
import { Conflict } from '../errors.ts';
import type { Entry } from '../model/entry.ts';
import { timeOf } from '../model/time.ts';
import { type BoundStep, itemOf } from './bound-step.ts';
import { afterFault, leftAsItIs, newEntry, reasons, settled, tried, unrefused } from './entry-states.ts';
import { insistsAt } from './insists.ts';
import { requestOf } from './request-id.ts';
import type { Before, Captured, StepContext } from './step.ts';
import { WouldSend } from './stopped.ts';
import { doubtsNow, verified } from './verified.ts';

/** Access to an entry where it is kept: in the incident's journal, or in that of a shared host. */
export type Book = { entry(): Entry | undefined; save(entry: Entry): Promise<void> };

/**
 * A step's context without its entry, which changes as the work goes on. `sendsSoon` starts the reads that the guard
 * makes before a send, so that they run while the step still reads what it is to change. `sent` lets those behind it
 * send. `heldBack`: why the budget does not let the step begin, if it does not.
 */
export type WorkContext = Omit<StepContext, 'entry'> & {
  sendsSoon(): void;
  sent(): void;
  heldBack(): Promise<string | undefined>;
};

/** Whether the before-image is still to be captured. */
const isUncaptured = (entry: Entry | undefined): boolean => entry?.before === undefined;

type Image = Extract<Captured, { outcome: 'captured' }>;
type Already = Extract<Captured, { outcome: 'already' }>;

/** The entry of a step that has nothing to change, since somebody else has done that. */
const alreadySo = async ({ because, doubts }: Already, context: WorkContext, blank: Entry): Promise<Entry> => {
  const now = context.now();
  const found = doubts === undefined ? [] : await doubtsNow(context, doubts);
  return settled(blank, 'skipped', now, [because, ...found].join('; '), found.length === 0 ? 'proven' : 'not proven');
};

/**
 * The entry after the read of the before-image, not saved yet: `applying`, or settled where nothing is to be changed.
 */
const captured = async (bound: BoundStep, context: WorkContext, blank: Entry): Promise<Entry> => {
  const read = await bound.capture({ ...context, entry: blank });
  const now = context.now();
  if (read.outcome === 'already') return alreadySo(read, context, blank);
  if (read.outcome !== 'captured')
    return settled(blank, read.outcome === 'refused' ? 'refused' : 'skipped', now, read.because);
  const { because: _, wakeAt: __, deadline: ___, ...rest } = blank;
  return {
    ...rest,
    state: 'applying',
    before: read.before,
    requestId: requestOf(bound, context, blank.startedAt),
    ...(read.deadlineMs === undefined ? {} : { deadline: timeOf(now + read.deadlineMs) }),
    ...(read.until === undefined ? {} : { until: read.until }),
    ...(read.anew === undefined ? {} : { anew: read.anew }),
  };
};

const capture = async (bound: BoundStep, context: WorkContext, book: Book, blank: Entry): Promise<Entry> => {
  const entry = await captured(bound, context, blank);
  return context.dry || entry.state !== 'applying' ? entry : save(book, entry);
};

const save = async (book: Book, entry: Entry): Promise<Entry> => {
  await book.save(entry);
  return entry;
};

/** The entry with the before-image that counts by now, since others have changed the object before we did. */
const recaptured = ({ because: _, wakeAt: __, anew: ___, ...rest }: Entry, { before, anew }: Image): Entry => ({
  ...rest,
  state: 'applying',
  before,
  ...(anew === undefined ? {} : { anew }),
});

const change = async (bound: BoundStep, context: WorkContext, entry: Entry, before: Before): Promise<Entry> => {
  const applied = await bound.apply({ ...context, entry }, before);
  // What others have changed meanwhile is looked at again, and then sent.
  if (applied.outcome !== 'captured') context.sent();
  const now = context.now();
  if (applied.outcome === 'pending') {
    const { operation: _, ...rest } = entry;
    return {
      ...rest,
      state: 'pending',
      because: applied.because,
      wakeAt: timeOf(now + applied.wakeMs),
      ...(applied.operation === undefined ? {} : { operation: applied.operation }),
      ...(applied.requestId === undefined ? {} : { requestId: applied.requestId }),
    };
  }
  if (applied.outcome === 'captured') return recaptured(entry, applied);
  if (applied.outcome === 'already') {
    const { before: _, requestId: __, deadline: ___, ...blank } = entry;
    return alreadySo(applied, context, blank);
  }
  if (applied.outcome === 'gone') return settled(entry, 'skipped', now, applied.because);
  if (applied.outcome !== 'applied') return settled(entry, applied.outcome, now, applied.because);
  const check = await verified(bound, { ...context, entry }, before);
  const { because } = reasons(applied.because, check.because);
  const done = settled(entry, 'applied', context.now(), because, check.proof);
  return {
    ...done,
    ...(applied.until === undefined ? {} : { until: applied.until }),
    ...(applied.revoke === undefined ? {} : { revoke: [...applied.revoke] }),
  };
};

const once = async (bound: BoundStep, context: WorkContext, book: Book, rev: number): Promise<Entry> => {
  const known = book.entry();
  const entry =
    isUncaptured(known) || known === undefined
      ? await capture(bound, context, book, known ?? newEntry(itemOf(bound), rev, context.now()))
      : known;
  if (entry.before === undefined || entry.state === 'refused' || entry.state === 'skipped') return entry;
  // A step nearly always sends something the first time. One that waits is asked many times and mostly sends nothing.
  if (isUncaptured(known) && bound.step.undoable) context.sendsSoon();
  const changed = await change(bound, context, entry, entry.before);
  if (changed.state === 'applying') {
    if (!context.dry) await save(book, changed);
    throw new Conflict(`${bound.subject.subject} was changed by others before ${bound.step.id} was sent`);
  }
  const nothing = changed.state === 'applied' || changed.state === 'pending';
  // A dry run does not mark as `dry-run` an entry that an earlier run has begun in earnest.
  const isTrial = context.dry && isUncaptured(known);
  return isTrial && nothing ? tried(changed, context.now(), 'would change nothing') : changed;
};

/** The entry with which a step begins, to be saved before anything is sent: as `workOn` would begin it in earnest. */
export const firstEntry = async (bound: BoundStep, context: WorkContext, rev: number): Promise<Entry> => {
  const blank = newEntry(itemOf(bound), rev, context.now());
  try {
    return await captured(bound, context, blank);
  } catch (thrown) {
    const entry = afterFault(blank, thrown, context.now());
    if (entry === undefined) throw thrown;
    return entry;
  }
};

/** The same for a step under way, which the send that a dry run holds back ends as well. */
const endedBy = (entry: Entry, thrown: unknown, now: number): Entry | undefined => {
  if (!(thrown instanceof WouldSend)) return afterFault(entry, thrown, now);
  return isUncaptured(entry)
    ? tried(entry, now, `would ${thrown.message}`)
    : leftAsItIs(entry, `the policy is now a dry run, which would ${thrown.message}`, now);
};

/**
 * Works on one item until it is settled or must wait, and saves its entry. The before-image is saved before the first
 * change, and read from the world again only where the step finds that nothing it sent has reached the object, and that
 * others have changed it. After a conflict the step is tried again, five times in all, and in the end insists; a step
 * that is denied, or meets a quota, is tried again for up to 15 minutes; a step that meets Malformed has failed. Throws
 * Stopped, Transient and anything unknown.
 */
export const workOn = (bound: BoundStep, context: WorkContext, book: Book, rev: number): Promise<Entry> =>
  againOnConflict(`${bound.step.id} on ${bound.subject.subject}: it was changed by others`, async (tries) => {
    try {
      const entry = await once(bound, { ...context, insists: insistsAt(tries) }, book, rev);
      return await save(book, { ...unrefused(entry), rev });
    } catch (thrown) {
      const entry = book.entry() ?? newEntry(itemOf(bound), rev, context.now());
      const met = endedBy({ ...entry, rev }, thrown, context.now());
      if (met === undefined) throw thrown;
      return save(book, met);
    }
  });
