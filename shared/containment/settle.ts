import type { Entry } from '../model/entry.ts';
import { isSettled } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import type { Incident } from '../model/incident.ts';
import { begunAgain } from './begun-again.ts';
import { busy } from './busy.ts';
import { contextOf, type Hold, placeOf, type StepPorts } from './context.ts';
import { type HostPlace, holdHost, isAsSeen, isFree, journalOf, type SeenHost, unleased, writeHost } from './hosts.ts';
import { alreadyDone, isLeft, joined } from './joined.ts';
import { entryFor, type Ledger, withEntry } from './ledger.ts';
import { TAKEN_OVER_REV } from './order.ts';
import { leftBy, type Start, startOf } from './start.ts';
import type { BoundStep } from './step.ts';
import { waitingForRelease } from './taken-back.ts';
import { type Book, firstEntry, leftAsItIs, type WorkContext, workOn } from './work.ts';

/** The revision of an entry that this incident has not worked on: lower than that of any goal. */
const NEVER = -1;

const itemOf = (bound: BoundStep) => ({ step: bound.step.id, subject: bound.subject.subject, uid: bound.subject.uid });

/** Puts an entry into an incident's journal, at the place that the plan gives it. */
const inJournal =
  (entry: Entry) =>
  (i: Incident): Incident => ({ ...i, journal: withEntry(i.journal, entry, i.plan) });

/** Works on an entry from the given start. */
const workFrom = async (
  { again }: Start,
  bound: BoundStep,
  context: WorkContext,
  book: Book,
  rev: number,
): Promise<Entry> => {
  const known = book.entry();
  if (again && known !== undefined && !context.dry) {
    const first = await begunAgain(known, bound, context, rev);
    await book.save(first);
    if (first.state !== 'applying') return first;
  }
  return workOn(bound, context, book, rev);
};

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

/** The incident's copy of a shared entry: state, proof and times; the before-image stays with the host. */
export const mirrored = (entry: Entry, place: HostPlace, rev: number, because?: string): Entry => {
  const { before: _, ...rest } = entry;
  return { ...rest, rev, host: place.id, ...(because === undefined ? {} : { because }) };
};

/** The host as this run last saw it, if it was free then; else as the store has it now. */
const lastSeen = async (ports: StepPorts, ledger: Ledger, place: HostPlace): Promise<SeenHost> => {
  const known = ledger.hosts.get(place.id);
  if (known !== undefined && isFree(known, ledger.token, ports.clock.now())) return { host: known };
  return { host: await ports.stores.hosts.get(place.id) };
};

/**
 * Takes a host for one step. `first` reads the entry with which a step begins that nobody has begun on the host: lease,
 * holder and before-image are then one write. `begun`: that entry, unless others have written the host since it was seen.
 */
const taken = async (
  ports: StepPorts,
  ledger: Ledger,
  place: HostPlace,
  before: SeenHost,
  first?: () => Promise<Entry>,
): Promise<{ host: Host | undefined; begun?: Entry | undefined }> => {
  if (first === undefined) return { host: await holdHost(ports, place, ledger.id, ledger.token, before) };
  const begun = await first();
  // The read may have taken longer than a lease: a run that has lost its incident must not join the host for it.
  await ledger.stillOurs();
  const host = await holdHost(ports, place, ledger.id, ledger.token, before, begun);
  return { host, begun: host !== undefined && isAsSeen(host, before) ? begun : undefined };
};

const shared = async (
  ports: StepPorts,
  ledger: Ledger,
  bound: BoundStep,
  place: HostPlace,
  hold: Hold,
): Promise<Entry> => {
  const { id, token } = ledger;
  const copy = (entry: Entry, because?: string): Entry => {
    const mine = mirrored(entry, place, hold.goalRev, because);
    ledger.note(inJournal(mine));
    return mine;
  };
  const mine = entryFor(ledger.seen().journal, itemOf(bound));
  // Goal revisions count per incident, so for another incident's entry only the revision in our own copy is meaningful.
  const begunUnder = mine?.host === undefined ? NEVER : mine.rev;
  // A change that was taken over has still to be looked at, also where that had to wait for a busy host.
  const isMine = mine !== undefined && (isSettled(mine) || begunUnder === TAKEN_OVER_REV);
  const worked = { rev: isMine ? mine.rev : NEVER, begunUnder };
  const startIn = (journal: readonly Entry[]): Start => {
    const now = ports.clock.now();
    return startOf(bound, leftBy(mine, entryFor(journal, itemOf(bound)), now), worked, hold, now);
  };
  const before = await lastSeen(ports, ledger, place);
  let seen = before.host;
  const context = contextOf(ports, ledger.seen(), bound.subject, hold, place, () => journalOf(seen));
  const isNew = isFree(seen, token, ports.clock.now()) && startIn(journalOf(seen)).entry === undefined;
  const first = isNew ? () => firstEntry(bound, context, hold.goalRev) : undefined;
  const { host, begun } = await taken(ports, ledger, place, before, first);
  if (host === undefined) {
    const waiting = busy(mine, bound, place, hold, ports.clock.now());
    ledger.note(inJournal(waiting));
    return waiting;
  }
  const owner = host.holders[0];
  let start = begun === undefined ? startIn(host.journal) : { entry: begun, again: false };
  let known = start.entry;
  // Remembers the document as last written: nobody else writes it while the lease is ours.
  const wrote = (written: Host): void => {
    seen = written;
    ledger.hosts.set(place.id, written);
  };
  wrote(host);
  if (begun !== undefined) {
    const copied = copy(begun);
    if (begun.state !== 'applying') return copied;
    context.sendsSoon();
  }
  const giveBack = async (): Promise<void> =>
    writeHost(ports, place, token, unleased, seen).then(wrote, () => {
      ledger.hosts.delete(place.id);
    });
  const book: Book = {
    entry: () => known,
    save: async (entry) => {
      const write = (h: Host): Host => {
        const written = { ...h, journal: withEntry(h.journal, entry) };
        return entry.state === 'applying' ? written : unleased(written);
      };
      wrote(await writeHost(ports, place, token, write, seen));
      known = entry;
      // Nothing is sent before this copy is stored, so the incident knows what may be in force if the run ends
      // half-way.
      if (entry.state === 'applying') copy(entry);
    },
  };
  try {
    if (known !== undefined && isSettled(known) && !start.again) {
      const isAnothers = owner !== undefined && owner !== id && ['applied', 'skipped'].includes(known.state);
      if (!isAnothers || !(await isLeft(known, context))) {
        await giveBack();
        return copy(isAnothers ? await joined(known, owner, bound, context) : known);
      }
      known = { ...known, anew: true };
      start = { entry: known, again: true };
    }
    const done = await workFrom(start, bound, context, book, hold.goalRev);
    // The copy says whose change it was, if the change still stands.
    const isStanding = start.again && start.entry?.anew === true && done.startedAt === start.entry.startedAt;
    return copy(done, isStanding ? (mine?.because ?? alreadyDone(String(owner))) : undefined);
  } catch (thrown) {
    await giveBack();
    throw thrown;
  }
};

/** Works on one item in the journal that keeps it, and writes its state into the incident's journal as well. */
export const settle = async (ports: StepPorts, ledger: Ledger, bound: BoundStep, hold: Hold): Promise<Entry> => {
  const place = placeOf(bound);
  if (place !== undefined && !hold.dry) return shared(ports, ledger, bound, place, hold);
  const known = entryFor(ledger.seen().journal, itemOf(bound));
  if (known?.host !== undefined && !isSettled(known)) {
    // The before-image is with the host: the incident that lets go of the host last takes the change back.
    const left = leftAsItIs({ ...known, rev: hold.goalRev }, 'the policy is now a dry run', ports.clock.now());
    ledger.note(inJournal(left));
    return left;
  }
  const own = contextOf(ports, ledger.seen(), bound.subject, hold, undefined, () => ledger.seen().journal);
  const rev = known?.rev ?? NEVER;
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
