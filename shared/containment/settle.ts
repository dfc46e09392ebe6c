import type { Entry } from '../model/entry.ts';
import { isSettled } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import { timeOf } from '../model/time.ts';
import { contextOf, type Hold, placeOf, type StepPorts } from './context.ts';
import { type HostPlace, holdHost, unleased, writeHost } from './hosts.ts';
import { entryFor, type Ledger, withEntry } from './ledger.ts';
import type { BoundStep } from './step.ts';
import { type Book, newEntry, workOn } from './work.ts';

/** How long a step waits before it asks again for a host that another incident's run works on. */
const BUSY_WAKE_MS = 5_000;

const itemOf = (bound: BoundStep) => ({ step: bound.step.id, subject: bound.subject.subject, uid: bound.subject.uid });

/** Whether an entry that changed nothing is begun anew: a dry run now in earnest, or a no of an earlier goal. */
const isRetried = (e: Entry, rev: number): boolean =>
  e.before === undefined &&
  (e.state === 'dry-run' || e.state === 'held' || ((e.state === 'failed' || e.state === 'refused') && e.rev < rev));

/** The entry in the incident's own journal. */
const incidentBook = (ledger: Ledger, bound: BoundStep, fresh: boolean): Book => {
  let known = fresh ? undefined : entryFor(ledger.seen().journal, itemOf(bound));
  return {
    entry: () => known,
    save: async (entry) => {
      await ledger.write((i) => ({ ...i, journal: withEntry(i.journal, entry, i.plan) }));
      known = entry;
    },
  };
};

/** The incident's copy of a shared entry: state, proof and times; the before-image stays with the host. */
export const mirrored = (entry: Entry, place: HostPlace, rev: number, because?: string): Entry => {
  const { before: _, ...rest } = entry;
  return { ...rest, rev, host: place.id, ...(because === undefined ? {} : { because }) };
};

const shared = async (
  ports: StepPorts,
  ledger: Ledger,
  bound: BoundStep,
  place: HostPlace,
  hold: Hold,
): Promise<Entry> => {
  const { id, token } = ledger;
  const copy = async (entry: Entry, because?: string): Promise<Entry> => {
    const mine = mirrored(entry, place, hold.goalRev, because);
    await ledger.write((i) => ({ ...i, journal: withEntry(i.journal, mine, i.plan) }));
    return mine;
  };
  const host = await holdHost(ports, place, id, token);
  if (host === undefined) {
    const wait = newEntry(bound, hold.goalRev, ports.clock.now());
    const wakeAt = timeOf(ports.clock.now() + BUSY_WAKE_MS);
    return copy({ ...wait, wakeAt }, `another incident's run works on ${place.node}; tried again from ${wakeAt}`);
  }
  const first = host.holders[0];
  let known = entryFor(host.journal, itemOf(bound));
  if (known !== undefined && isRetried(known, hold.goalRev)) known = undefined;
  // As it was last written: nobody else writes it while the lease is ours.
  let seen = host;
  const giveBack = () => writeHost(ports, place, token, unleased, seen).catch(() => seen);
  if (known !== undefined && isSettled(known)) {
    await giveBack();
    return copy(known, first === id ? known.because : `done already for incident ${first}; held by both now`);
  }
  const book: Book = {
    entry: () => known,
    save: async (entry) => {
      const write = (h: Host): Host => {
        const written = { ...h, journal: withEntry(h.journal, entry) };
        return entry.state === 'applying' ? written : unleased(written);
      };
      seen = await writeHost(ports, place, token, write, seen);
      known = entry;
    },
  };
  try {
    const context = contextOf(ports, ledger.seen(), bound.subject, hold, place, () => host.journal);
    return await copy(await workOn(bound, context, book, hold.goalRev));
  } catch (thrown) {
    await giveBack();
    throw thrown;
  }
};

/** Works on one item wherever its journal is, and leaves its state in the incident's. */
export const settle = async (ports: StepPorts, ledger: Ledger, bound: BoundStep, hold: Hold): Promise<Entry> => {
  const place = placeOf(bound);
  if (place !== undefined && !hold.dry) return shared(ports, ledger, bound, place, hold);
  const known = entryFor(ledger.seen().journal, itemOf(bound));
  const context = contextOf(ports, ledger.seen(), bound.subject, hold, undefined, () => ledger.seen().journal);
  return workOn(
    bound,
    context,
    incidentBook(ledger, bound, known !== undefined && isRetried(known, hold.goalRev)),
    hold.goalRev,
  );
};
