import { type IncidentPorts, updateIncident } from '../incidents.ts';
import type { Goal } from '../model/decision.ts';
import { type Entry, keyOf, type PlanItem } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import type { Incident, Lease } from '../model/incident.ts';
import { msOf, timeOf } from '../model/time.ts';
import type { Clock } from '../ports.ts';
import { unheld } from './held.ts';
import { inRoom } from './journal-room.ts';
import { tellingNew } from './revoked.ts';
import { Stopped } from './stopped.ts';
import { writesOf } from './writes.ts';

/** How long a lease lasts. Every write of the journal, and the heartbeat, renew it. */
export const LEASE_MS = 60_000;
/** A lease that begins now. */
export const leaseOf = (clock: Pick<Clock, 'now'>, owner: string, token: string): Lease => ({
  owner,
  token,
  until: timeOf(clock.now() + LEASE_MS),
});
/** The longest that a call may take. Nothing is sent that could still arrive after the lease has ended. */
export const CALL_MS = 20_000;

/**
 * Replaces the entry with the same key, or inserts a new one in the order of the plan: of steps that run in parallel,
 * the later one may be written first. An entry that is not in the plan goes to the end. Reasons that have no room in the
 * document are cut off.
 */
export const withEntry = (journal: readonly Entry[], entry: Entry, plan: readonly PlanItem[] = []): Entry[] => {
  const key = keyOf(entry);
  if (journal.some((e) => keyOf(e) === key)) return inRoom(journal.map((e) => (keyOf(e) === key ? entry : e)));
  const placeOf = (e: Entry): number => plan.findIndex((item) => keyOf(item) === keyOf(e));
  const place = placeOf(entry);
  const before = journal.findLastIndex((e) => place < 0 || placeOf(e) < place);
  return inRoom(journal.toSpliced(before + 1, 0, entry));
};

/** The entry of an item, undefined where there is none yet. */
export const entryFor = (
  journal: readonly Entry[],
  item: { step: string; subject: string; uid: string },
): Entry | undefined => journal.find((e) => keyOf(e) === keyOf(item));

/** Puts an entry into an incident's journal, at the place that the plan gives it. */
export const inJournal =
  (entry: Entry) =>
  (i: Incident): Incident => ({ ...i, journal: withEntry(i.journal, tellingNew(entry, i.journal), i.plan) });

/** Whether another run holds a lease that has not ended. */
export const isTaken = (lease: Lease | undefined, token: string, nowMs: number): boolean =>
  lease !== undefined && lease.token !== token && msOf(lease.until) > nowMs;

const unleased = (incident: Incident): Incident => {
  const { lease: _, ...rest } = incident;
  return rest;
};

type Change = (current: Incident) => Incident;

const noted = (incident: Incident, notes: readonly Change[]): Incident =>
  notes.reduce((current, change) => change(current), incident);

/** One run's hold on one incident. A run writes its incident only through this. */
export type Ledger = {
  id: string;
  token: string;
  /** Host documents as this run last read or wrote them. Writes try these first: mostly nobody else writes them. */
  hosts: Map<string, Host>;
  /** The document as last read or written, with the noted changes. */
  seen(): Incident;
  /**
   * Writes a change and all noted ones, and renews the lease. Changes that come while a write is under way are stored by
   * one more, all or none of them. Throws Stopped where another run has taken over.
   */
  write(change: Change): Promise<Incident>;
  /**
   * Keeps a change of the document for the next write. Only for results: before a change of the world is begun, its
   * entry is written with `write`, and nothing is sent until all noted changes are stored.
   */
  note(change: Change): void;
  /**
   * Renews a lease that is about to end, as after a read for which the run was held up. Throws Stopped where another
   * run has taken over.
   */
  stillOurs(): Promise<void>;
  /** Writes the noted changes, if there are any. Those that could not be written stay noted. */
  written(): Promise<void>;
  /**
   * The last write of a run. If the newest goal is still that of `rev`, applies `change`, notes the goal as reached and
   * gives the lease up: true. Otherwise keeps the lease, since there is more to do: false.
   */
  finish(rev: number, change: Change): Promise<boolean>;
  /**
   * The last write of a run whose open steps all wait for a later time: notes that the plan was walked, and gives the
   * lease up. false: there is another goal, and the lease is kept.
   */
  rest(rev: number): Promise<boolean>;
  /** Applies a last change and gives the lease up. Never throws Stopped: a lost lease need not be given up. */
  close(change: Change): Promise<Incident | undefined>;
};

/**
 * Claims an incident for one run, and removes its `held` mark. undefined: there is nothing to do, or another run holds
 * the incident and will see what is new at its last write; in both cases the message is acknowledged. `known`: the
 * document, if it was read a moment ago.
 */
export const openLedger = async (
  ports: IncidentPorts,
  id: string,
  owner: string,
  token: string,
  wanted: (incident: Incident) => incident is Incident & { goal: Goal },
  known?: Incident,
): Promise<Ledger | undefined> => {
  const lease = (): Lease => leaseOf(ports.clock, owner, token);
  const claim = (current: Incident): Incident | undefined =>
    !wanted(current) || isTaken(current.lease, token, ports.clock.now())
      ? undefined
      : { ...unheld(current), lease: lease() };
  const claimed = await updateIncident(ports, id, claim, known);
  if (claimed?.lease?.token !== token) return undefined;
  let stored = claimed;
  let notes: Change[] = [];
  let [made, kept] = [0, 0];
  let seen = claimed;

  const held = (current: Incident): Incident => {
    if (current.lease?.token !== token) throw new Stopped('lease', `another run has taken over incident ${id}`);
    return current;
  };
  const put = async (change: Change): Promise<Incident> => {
    const going = notes;
    const written = await updateIncident(ports, id, (current) => change(noted(held(current), going)), stored);
    if (written === undefined) throw new Stopped('lease', `incident ${id} is no longer there`);
    stored = written;
    notes = notes.slice(going.length);
    kept += going.length;
    seen = noted(written, notes);
    return written;
  };
  const writes = writesOf(put);
  const renewed =
    (change: Change): Change =>
    (current) => ({ ...change(current), lease: lease() });
  const write = (change: Change): Promise<Incident> => writes.join(renewed(change));
  // What was noted until now may be in a write that is under way. What others note meanwhile is not waited for.
  const writeNotes = async (): Promise<void> => {
    const wanted = made;
    if (kept < wanted) await writes.underWay();
    if (kept < wanted) await write((current) => current);
  };
  const leave = async (rev: number, change: Change): Promise<boolean> => {
    const written = await writes.write((current) =>
      current.goal?.rev === rev ? unleased(change(current)) : { ...current, lease: lease() },
    );
    return written.lease === undefined;
  };
  return {
    id,
    token,
    hosts: new Map(),
    seen: () => seen,
    write,
    note: (change) => {
      notes = [...notes, change];
      made += 1;
      seen = change(seen);
    },
    stillOurs: async () => {
      const { until } = stored.lease ?? {};
      if (until === undefined || msOf(until) <= ports.clock.now() + CALL_MS) await write((current) => current);
    },
    written: writeNotes,
    finish: (rev, change) => leave(rev, (current) => change({ ...current, run: { rev } })),
    rest: (rev) => leave(rev, (current) => ({ ...current, run: { ...current.run, walked: rev } })),
    close: async (change) => {
      try {
        return await writes.write((current) => unleased(change(current)));
      } catch (thrown) {
        if (thrown instanceof Stopped) return undefined;
        throw thrown;
      }
    },
  };
};
