import { againOnConflict } from '../again-on-conflict.ts';
import { Denied, Malformed, sentenceOf, Throttled } from '../errors.ts';
import { type Entry, isSettled, keyOf } from '../model/entry.ts';
import { msOf, timeOf } from '../model/time.ts';
import { boundOf } from './bound.ts';
import type { BoundStep } from './bound-step.ts';
import { contextOf, type Hold } from './context.ts';
import {
  DENIED_MS,
  DENIED_WAKE_MS,
  mayPass,
  refusedSince,
  settled,
  throttled,
  unrefused,
  whatOf,
} from './entry-states.ts';
import type { HostPlace } from './hosts.ts';
import { insistsAt } from './insists.ts';
import type { Ledger } from './ledger.ts';
import { isRunning, OPERATION_POLL_MS } from './operations.ts';
import type { RunPorts } from './run.ts';
import { Stopped } from './stopped.ts';

/** Whether the undo of an entry is over, whatever came of it. */
export const isUndoOver = ({ state }: Entry): boolean => state === 'undone' || state === 'not-undoable';

/** Whether a release has nothing to undo for an entry: it never began, was a dry run, or its undo is over. */
export const isUndone = (e: Entry): boolean => e.before === undefined || e.state === 'dry-run' || isUndoOver(e);

/**
 * How long a sent call, and an operation that it began, may still be on the way. The journal has every operation whose
 * reply came; if the reply was lost or the sender died, only the service knows of the operation.
 */
const ON_ITS_WAY_MS = 60_000;

const beginsOperations = ({ step }: BoundStep): boolean =>
  step.permissions.iam.some((permission) => /^compute\.\w+Operations\.get$/.test(permission));

/** The entry, set to wait until a call that may be on its way has arrived; an earlier look would miss its change. */
const awaited = (bound: BoundStep, e: Entry, now: number): Entry | undefined => {
  if (isSettled(e) || !beginsOperations(bound)) return undefined;
  const undoFrom = e.undoFrom ?? timeOf(now + ON_ITS_WAY_MS);
  return undoFrom <= timeOf(now)
    ? undefined
    : {
        ...e,
        undoFrom,
        wakeAt: undoFrom,
        because: 'taken back while it was under way: calls already sent may still take effect',
      };
};

/** An entry after an attempt to undo it. `isDenied`: the attempt was denied, and is to be repeated. */
export type Attempt = { entry: Entry; isDenied?: true };

/** The entry whose undo is given up. Its change stands, so whoever makes it again needs its before-image. */
const givenUp = (e: Entry, now: number, because: string): Entry => ({
  ...settled(e, 'not-undoable', now, because, e.proof),
  givenUp: true,
});

/**
 * Takes back the change of one entry, and gives the entry as it is then. An undo that meets Malformed is given up: the
 * same request would be refused again, and the changes before it are still to be taken back.
 */
const attempted = async (
  ports: RunPorts,
  ledger: Ledger,
  e: Entry,
  hold: Hold,
  place: HostPlace | undefined,
  journal: readonly Entry[],
  tries: number,
): Promise<Entry> => {
  const bound = boundOf(ports.stepOf, ledger.seen(), e);
  const now = ports.clock.now();
  if (bound === undefined || e.before === undefined)
    return settled(e, 'not-undoable', now, 'this version does not know how to undo this step on this subject', e.proof);
  const waiting = awaited(bound, e, now);
  if (waiting !== undefined) return waiting;
  try {
    const context = {
      ...contextOf(ports, ledger.seen(), bound.subject, hold, place, () => journal),
      insists: insistsAt(tries),
    };
    if (await isRunning(ports.compute, e))
      return {
        ...e,
        undoFrom: e.undoFrom ?? timeOf(now),
        wakeAt: timeOf(now + OPERATION_POLL_MS),
        because: 'an operation of this step is still under way: the step is taken back after it ends',
      };
    const result = await bound.undo({ ...context, mark: e.mark ?? context.mark, entry: e }, e.before);
    if (result.outcome === 'pending')
      return {
        ...e,
        state: 'pending',
        undoFrom: e.undoFrom ?? timeOf(now),
        because: result.because,
        wakeAt: timeOf(ports.clock.now() + result.wakeMs),
        ...(result.operation === undefined ? {} : { operation: result.operation }),
      };
    return result.outcome === 'given-up'
      ? givenUp(e, ports.clock.now(), result.because)
      : settled(e, result.outcome, ports.clock.now(), result.because);
  } catch (thrown) {
    if (!(thrown instanceof Malformed)) throw thrown;
    return givenUp(e, ports.clock.now(), `undo was refused: ${sentenceOf(thrown)}`);
  }
};

/**
 * Attempts to take back the change of one entry, after a conflict once more, five times in all. A denied undo, or one
 * that a webhook does not admit, is tried again for 15 minutes, as such a step is.
 */
export const undo = async (
  ports: RunPorts,
  ledger: Ledger,
  e: Entry,
  hold: Hold,
  place: HostPlace | undefined,
  journal: readonly Entry[],
): Promise<Attempt> => {
  const now = ports.clock.now();
  try {
    const what = `${e.step} on ${e.subject}, which is taken back, was changed by others`;
    return {
      entry: unrefused(
        await againOnConflict(what, (tries) => attempted(ports, ledger, e, hold, place, journal, tries)),
      ),
    };
  } catch (thrown) {
    const undoFrom = e.undoFrom ?? timeOf(now);
    if (thrown instanceof Throttled) return { entry: { ...throttled(e, thrown, now), state: e.state, undoFrom } };
    if (!mayPass(thrown)) {
      // The message comes again. People see what the change waits for, as they do for a step.
      const because = `undo failed: ${sentenceOf(thrown)}`;
      if (!(thrown instanceof Stopped))
        ledger.note((i) => ({ ...i, journal: i.journal.map((m) => (keyOf(m) === keyOf(e) ? { ...m, because } : m)) }));
      throw thrown;
    }
    const what = thrown instanceof Denied ? 'undo denied' : `undo: ${whatOf(thrown)}`;
    // What the step itself was denied before does not count.
    const refusedFrom = e.undoFrom === undefined ? undoFrom : refusedSince(e, now);
    if (now - msOf(refusedFrom) > DENIED_MS)
      return { entry: givenUp(e, now, `${what} for 15 minutes: ${sentenceOf(thrown)}`) };
    const because = `${what}, will be tried again: ${sentenceOf(thrown)}`;
    return { entry: { ...e, undoFrom, refusedFrom, because, wakeAt: timeOf(now + DENIED_WAKE_MS) }, isDenied: true };
  }
};

/** Whether a release must look at an entry again. */
export const isWaiting = (e: Entry): boolean => e.wakeAt !== undefined && !isUndoOver(e);
