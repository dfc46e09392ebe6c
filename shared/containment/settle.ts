import { type Entry, isSettled } from '../model/entry.ts';
import { type BoundStep, itemOf } from './bound-step.ts';
import { contextOf, type Hold, placeOf, type StepPorts } from './context.ts';
import { leftAsItIs } from './entry-states.ts';
import { entryFor, inJournal, type Ledger } from './ledger.ts';
import { NEVER_REV } from './order.ts';
import { settleOnHost } from './settle-on-host.ts';
import { type Start, startOf } from './start.ts';
import { waitingForRelease } from './taken-back.ts';
import type { Book } from './work.ts';
import { workFrom } from './work-from.ts';

/** Access to the entry in the incident's own journal. */
const incidentBook = (ledger: Ledger, start: Start): Book => {
  let known = start.entry;
  return {
    entry: () => known,
    save: async (entry) => {
      // The before-image is stored before the change is sent; the result is stored before the next change is sent.
      if (entry.state === 'applying') await ledger.write(inJournal(entry));
      else ledger.note(inJournal(entry));
      known = entry;
    },
  };
};

/** Works on one item in the journal that keeps it, and writes its state into the incident's journal as well. */
export const settle = async (ports: StepPorts, ledger: Ledger, bound: BoundStep, hold: Hold): Promise<Entry> => {
  const place = placeOf(bound);
  if (place !== undefined && !hold.dry) return settleOnHost(ports, ledger, bound, place, hold);
  const known = entryFor(ledger.seen().journal, itemOf(bound));
  if (known?.host !== undefined && !isSettled(known)) {
    // The before-image is with the host: the incident that lets go of the host last takes the change back.
    const left = leftAsItIs({ ...known, rev: hold.goalRev }, 'the policy is now a dry run', ports.clock.now());
    ledger.note(inJournal(left));
    return left;
  }
  const own = contextOf(ports, ledger.seen(), bound.subject, hold, undefined, () => ledger.seen().journal);
  const rev = known?.rev ?? NEVER_REV;
  const start = startOf(bound, known, { rev, begunUnder: rev }, hold, ports.clock.now());
  // A change that was taken over carries the mark of the incident that began it, also where it goes on.
  const context = { ...own, mark: start.entry?.mark ?? own.mark };
  const isNew = !hold.dry && bound.step.undoable && start.entry?.before === undefined;
  const wait = isNew ? await waitingForRelease(ports, ledger.seen(), bound, hold.goalRev, start.entry) : undefined;
  if (wait !== undefined) {
    ledger.note(inJournal(wait));
    return wait;
  }
  return workFrom(start, bound, context, incidentBook(ledger, start), hold.goalRev);
};
