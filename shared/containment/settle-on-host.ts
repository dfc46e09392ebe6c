import { type Entry, isSettled } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import type { Clock } from '../ports.ts';
import { type BoundStep, itemOf } from './bound-step.ts';
import { busy } from './busy.ts';
import { contextOf, type Hold, type StepPorts } from './context.ts';
import { newEntry, reasons, settled } from './entry-states.ts';
import { type HostPlace, holdHost, isAsSeen, isFree, journalOf, type SeenHost, updateHost } from './hosts.ts';
import { alreadyDone, doubted, doubtOf, isLeft, joined } from './joined.ts';
import { hostBook, type Leased, leasedHost } from './leased-host.ts';
import { entryFor, inJournal, type Ledger } from './ledger.ts';
import { mirrored } from './mirrored.ts';
import { NEVER_REV, TAKEN_OVER_REV } from './order.ts';
import { leftBy, type Start, startOf } from './start.ts';
import { firstEntry, type WorkContext } from './work.ts';
import { workFrom } from './work-from.ts';

/** The host as this run last saw it, if it was free then; else as the store has it now. */
const lastSeen = async (ports: StepPorts, ledger: Ledger, place: HostPlace): Promise<SeenHost> => {
  const known = ledger.hosts.get(place.id);
  if (known !== undefined && isFree(known, ledger.token, ports.clock.now())) return { host: known };
  return { host: await ports.stores.hosts.get(place.id) };
};

/**
 * Takes a host for one step. `first` reads the entry with which a step begins that nobody has begun on the host: lease,
 * holder and before-image are then one write. `begun`: that entry, unless others have written the host since it was
 * seen.
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

/**
 * Tells where the step begins, given the journal of its host. `mine`: the entry in this incident's own journal, which
 * is a copy once the step was begun on the host.
 */
const startsOf = (bound: BoundStep, mine: Entry | undefined, hold: Hold, clock: Pick<Clock, 'now'>) => {
  // Goal revisions count per incident, so for another incident's entry only the revision in our own copy is meaningful.
  const begunUnder = mine?.host === undefined ? NEVER_REV : mine.rev;
  // A change that was taken over has still to be looked at, also where that had to wait for a busy host.
  const isMine = mine !== undefined && (isSettled(mine) || begunUnder === TAKEN_OVER_REV);
  const worked = { rev: isMine ? mine.rev : NEVER_REV, begunUnder };
  return (journal: readonly Entry[]): Start => {
    const now = clock.now();
    return startOf(bound, leftBy(mine, entryFor(journal, itemOf(bound)), now), worked, hold, now);
  };
};

/** The settled entry that a start finds, if the step is not to be done again. */
const endedIn = ({ entry, again }: Start): Entry | undefined =>
  entry !== undefined && isSettled(entry) && !again ? entry : undefined;

/** Whether the entry tells of what another incident did, or found to be so, on a host which that one held first. */
const isOfAnother = ({ state }: Entry, owner: string | undefined, id: string): owner is string =>
  owner !== undefined && owner !== id && (state === 'applied' || state === 'skipped');

/**
 * What is fixed while a run works on one item of a host. `copy`: notes an entry of the host in the incident's journal.
 */
type Work = {
  bound: BoundStep;
  context: WorkContext;
  hold: Hold;
  leased: Leased;
  mine: Entry | undefined;
  copy(entry: Entry, because?: string): Entry;
};

/**
 * The copy of an entry that has ended; undefined where its change was left by closed incidents, and is looked at anew.
 * An entry that this incident has no copy of may be that of another one, which has been released since.
 */
const copied = async ({ bound, context, mine, copy }: Work, ended: Entry, owner: string | undefined) => {
  if (!isOfAnother(ended, owner, context.incident.id)) {
    const doubt = mine?.host === undefined ? await doubtOf(ended, bound, () => context) : undefined;
    return copy(doubt === undefined ? ended : doubted(ended, ended.because, doubt));
  }
  return (await isLeft(ended, context)) ? undefined : copy(await joined(ended, owner, bound, context));
};

/**
 * Joins a host on which the item has ended, without taking the lease: nothing is sent, and what has ended stays in
 * force while this incident holds the host. Gives the copy of the entry; undefined where there is something to do, or
 * another run works on the host. `known` as with `updateHost`.
 */
const atRest = async (
  ports: StepPorts,
  place: HostPlace,
  work: Work,
  startIn: (journal: readonly Entry[]) => Start,
  known: SeenHost | undefined,
): Promise<Entry | undefined> => {
  const { id } = work.context.incident;
  let ended: Entry | undefined;
  const join = (current: Host): Host | undefined => {
    const journal = journalOf(current);
    ended = isFree(current, work.hold.token, ports.clock.now()) ? endedIn(startIn(journal)) : undefined;
    if (ended === undefined || current.holders.includes(id)) return undefined;
    return { ...current, holders: [...current.holders, id], journal };
  };
  const host = await updateHost(ports, place, join, known);
  if (ended === undefined) return undefined;
  work.leased.wrote(host);
  return copied(work, ended, host.holders[0]);
};

/** Works on the item from its start, unless it has ended: then the host is given back, and the entry is copied. */
const workedOn = async (work: Work, start: Start, owner: string | undefined): Promise<Entry> => {
  const { bound, context, hold, leased, mine, copy } = work;
  const ended = endedIn(start);
  const told = ended === undefined ? undefined : await copied(work, ended, owner);
  if (told !== undefined) {
    await leased.giveBack();
    return told;
  }
  const from: Start = ended === undefined ? start : { entry: { ...ended, anew: true }, again: true };
  const done = await workFrom(from, bound, context, hostBook(leased, from.entry, copy), hold.goalRev);
  // The copy says whose change it was, if the change still stands.
  const isStanding =
    from.again && from.entry?.anew === true && done.state === 'applied' && done.startedAt === from.entry.startedAt;
  const said = mine !== undefined && isSettled(mine) ? mine.because : undefined;
  const whose = said ?? alreadyDone(String(owner));
  const { because } = reasons(whose, done.proof === 'proven' ? undefined : done.because);
  return copy(done, isStanding ? because : undefined);
};

/** Works on the item on a host that was just taken. `begun`: the item's first entry, if it was stored with the lease. */
const begunOn = async (
  work: Work,
  host: Host,
  begun: Entry | undefined,
  startIn: (journal: readonly Entry[]) => Start,
): Promise<Entry> => {
  const { context, leased, copy } = work;
  leased.wrote(host);
  if (begun !== undefined) {
    const mirror = copy(begun);
    if (begun.state !== 'applying') return mirror;
    context.sendsSoon();
  }
  const start = begun === undefined ? startIn(host.journal) : { entry: begun, again: false };
  try {
    return await workedOn(work, start, host.holders[0]);
  } catch (thrown) {
    await leased.giveBack();
    throw thrown;
  }
};

/** Works on one item in the journal of its host, and notes a copy of its state in the incident's journal. */
export const settleOnHost = async (
  ports: StepPorts,
  ledger: Ledger,
  bound: BoundStep,
  place: HostPlace,
  hold: Hold,
): Promise<Entry> => {
  const noted = (entry: Entry): Entry => {
    ledger.note(inJournal(entry));
    return entry;
  };
  const mine = entryFor(ledger.seen().journal, itemOf(bound));
  const refusal = mine?.host === undefined ? bound.refuses() : undefined;
  if (refusal !== undefined) {
    const now = ports.clock.now();
    return noted(settled(newEntry(itemOf(bound), hold.goalRev, now), 'refused', now, refusal));
  }
  const startIn = startsOf(bound, mine, hold, ports.clock);
  const before = await lastSeen(ports, ledger, place);
  const leased = leasedHost(ports, ledger, place, before);
  const context = contextOf(ports, ledger.seen(), bound.subject, hold, place, () => journalOf(leased.seen()));
  const copy = (entry: Entry, because?: string): Entry => noted(mirrored(entry, place, hold.goalRev, because));
  const work: Work = { bound, context, hold, leased, mine, copy };
  const seen = isFree(before.host, ledger.token, ports.clock.now()) ? startIn(journalOf(before.host)) : undefined;
  if (seen !== undefined && endedIn(seen) !== undefined) {
    // What this run remembers may be out of date.
    const known = before.host === ledger.hosts.get(place.id) ? undefined : before;
    const rested = await atRest(ports, place, work, startIn, known);
    if (rested !== undefined) return rested;
  }
  const first =
    seen !== undefined && seen.entry === undefined ? () => firstEntry(bound, context, hold.goalRev) : undefined;
  const { host, begun } = await taken(ports, ledger, place, { host: leased.seen() }, first);
  if (host === undefined) return noted(busy(mine, bound, place, hold, ports.clock.now()));
  return begunOn(work, host, begun, startIn);
};
