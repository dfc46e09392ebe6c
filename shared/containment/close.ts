import { Transient } from '../errors.ts';
import type { Goal } from '../model/decision.ts';
import { type Entry, inForce, isHeldBack, isSettled } from '../model/entry.ts';
import type { Progress } from './carry-out.ts';
import type { Hold } from './context.ts';
import { settled, unbegun } from './entry-states.ts';
import { placesOf, unleased, updateHost } from './hosts.ts';
import { isRefused } from './joined.ts';
import { type Ledger, withEntry } from './ledger.ts';
import { lookAgain } from './look-again.ts';
import { mirrored } from './mirrored.ts';
import { ownerlessOn } from './ownerless.ts';
import type { RunPorts } from './run.ts';
import { Stopped } from './stopped.ts';

const KEPT = 'done for an incident that has been released, and kept because this one held the host';

/** The entry as a close leaves it where the step was under way, with what was in its way until then. */
const halfway = (e: Entry, now: number): Entry => {
  const before = e.because === undefined ? '' : `; before that: ${e.because}`;
  const because = `closed while this step was under way${before}`;
  return { ...settled(e, 'applied', now, because, 'not proven'), halfway: true };
};

/** The entry without the start of an undo, so that a later release has its own time to wait for a denial. */
const notUndoing = ({ undoFrom: _, wakeAt, ...e }: Entry): Entry =>
  isSettled(e) || wakeAt === undefined ? e : { ...e, wakeAt };

/**
 * Ends the undo of hosts that a release of this incident had begun. What is not undone stays, and the hosts can be
 * joined again, for example by the next episode, which takes them over.
 */
const endUndoing = async (ports: RunPorts, ledger: Ledger): Promise<void> => {
  const { id } = ledger;
  for (const place of placesOf(ledger.seen()))
    await updateHost(ports, place, (current) => {
      if (current.undoing !== id) return undefined;
      const { undoing: _, ...rest } = current;
      const left = { ...rest, journal: rest.journal.map(notUndoing) };
      return left.lease?.owner === id ? unleased(left) : left;
    });
};

/**
 * Enters in the journal what released incidents have left on a host that this incident still held: it was kept for this
 * incident, which is the only one from now on that can name it, and hand it on.
 */
const keepOwnerless = async (ports: RunPorts, ledger: Ledger, goal: Goal): Promise<void> => {
  for (const place of placesOf(ledger.seen())) {
    const left = await ownerlessOn(ports, ledger, place);
    if (left.length === 0) continue;
    await ledger.write((i) => ({
      ...i,
      journal: left.reduce((journal, e) => {
        const kept = isSettled(e) ? e : halfway(notUndoing(e), ports.clock.now());
        return withEntry(journal, mirrored(kept, place, goal.rev, KEPT), i.plan);
      }, i.journal),
    }));
  }
};

/** A close waits for no answer: the next episode waits for it, and people have asked for an end. */
const isDoubt = (thrown: unknown): boolean => isRefused(thrown) || thrown instanceof Transient;

/**
 * Looks at what is told as proven, where the goal before was not reached: that may have been a release whose run ended
 * after it had taken a change back, and before it wrote that down.
 */
const lookAtStanding = async (ports: RunPorts, ledger: Ledger, goal: Goal): Promise<void> => {
  const { journal, run } = ledger.seen();
  if (run.rev >= goal.rev - 1) return;
  const hold: Hold = { token: ledger.token, goalRev: goal.rev, dry: false, gated: false };
  const standing = journal.filter((e) => inForce(e));
  const said = ({ because }: Entry, doubt: string) => [because, `when the incident was closed: ${doubt}`];
  await lookAgain(ports, ledger, hold, standing, said, isDoubt);
};

/**
 * Closes an incident: settles every open entry as it stands, leaves changes and marks in the world, and tells none as
 * proven that a release has taken back.
 */
export const close = async (ports: RunPorts, ledger: Ledger, goal: Goal): Promise<Progress> => {
  await ledger.write((i) => {
    if (i.goal?.rev !== goal.rev) throw new Stopped('goal', 'the goal changed while the incident was being closed');
    return {
      ...i,
      journal: i.journal.map((e) => {
        if (isSettled(e)) return notUndoing(e);
        const [left, now] = [notUndoing(e), ports.clock.now()];
        if (e.before === undefined && e.host === undefined) return unbegun(left, 'closed', now);
        if (isHeldBack(e) && e.anew === true) return settled(left, 'applied', now, e.because, e.proof);
        return halfway(left, now);
      }),
    };
  });
  await endUndoing(ports, ledger);
  await keepOwnerless(ports, ledger, goal);
  await lookAtStanding(ports, ledger, goal);
  return { settled: true, notes: [] };
};
