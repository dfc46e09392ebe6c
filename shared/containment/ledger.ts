import { type IncidentPorts, updateIncident } from '../incidents.ts';
import type { Goal } from '../model/decision.ts';
import { type Entry, keyOf, type PlanItem } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import type { Incident, Lease } from '../model/incident.ts';
import { msOf, timeOf } from '../model/time.ts';
import type { Clock } from '../ports.ts';
import { unheld } from './held.ts';
import { Stopped } from './stopped.ts';

/** How long a lease lasts; every journal write and the heartbeat renew it. */
export const LEASE_MS = 60_000;
/** A lease that begins now. */
export const leaseOf = (clock: Pick<Clock, 'now'>, owner: string, token: string): Lease => ({
  owner,
  token,
  until: timeOf(clock.now() + LEASE_MS),
});
/** The longest a call may take: nothing is sent that could still arrive after the lease has ended. */
export const CALL_MS = 20_000;

/**
 * Puts an entry in the place of the one with its key, or behind all others, but for those that come after it in the plan:
 * of steps that go at the same time, the later one may be written first.
 */
export const withEntry = (journal: readonly Entry[], entry: Entry, plan: readonly PlanItem[] = []): Entry[] => {
  const key = keyOf(entry);
  if (journal.some((e) => keyOf(e) === key)) return journal.map((e) => (keyOf(e) === key ? entry : e));
  const placeOf = (e: Entry): number => plan.findIndex((item) => keyOf(item) === keyOf(e));
  const place = placeOf(entry);
  const before = journal.findLastIndex((e) => place < 0 || placeOf(e) < place);
  return journal.toSpliced(before + 1, 0, entry);
};

/** The entry of an item, undefined where there is none yet. */
export const entryFor = (
  journal: readonly Entry[],
  item: { step: string; subject: string; uid: string },
): Entry | undefined => journal.find((e) => keyOf(e) === keyOf(item));

/** Whether a lease is somebody else's and still runs. */
export const isTaken = (lease: Lease | undefined, token: string, nowMs: number): boolean =>
  lease !== undefined && lease.token !== token && msOf(lease.until) > nowMs;

const unleased = (incident: Incident): Incident => {
  const { lease: _, ...rest } = incident;
  return rest;
};

type Change = (current: Incident) => Incident;

const noted = (incident: Incident, notes: readonly Change[]): Incident =>
  notes.reduce((current, change) => change(current), incident);

/** One run's hold on one incident: the only way contain writes it. */
export type Ledger = {
  id: string;
  token: string;
  /** The shared documents as this run has last read or written them: tried first, since mostly nobody else writes them. */
  hosts: Map<string, Host>;
  /** The document as last read or written, with what is noted. */
  seen(): Incident;
  /** Writes under the lease and renews it, with all that is noted. Throws Stopped where another run has taken over. */
  write(change: Change): Promise<Incident>;
  /**
   * Keeps a change for the next write. For what is over: a change of the world that lies ahead is written before it is begun,
   * and waits until all that is noted is written.
   */
  note(change: Change): void;
  /** Writes what is noted, if anything is. What could not be written stays noted. */
  written(): Promise<void>;
  /**
   * The last write of a run: `change` is applied and the lease given up only while the newest goal is the one of
   * `rev`; else the lease is kept, since there is more to do. true: finished.
   */
  finish(rev: number, change: Change): Promise<boolean>;
  /**
   * The last write of a run whose open steps all wait: so it is written down, as `finish` does with its end. false: there is
   * another goal.
   */
  rest(rev: number): Promise<boolean>;
  /** Gives the lease up, with a last change. Never throws Stopped: a lost lease needs no giving up. */
  close(change: Change): Promise<Incident | undefined>;
};

/**
 * Claims an incident for one run, and takes back the word that held it. undefined: there is nothing to do, or another run
 * holds it and its last write will see what is new; either way the message is acknowledged. `known`: the document, where it
 * was read a moment ago.
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
    seen = noted(written, notes);
    return written;
  };
  // One after the other: steps that go at the same time would only get in each other's way.
  let last: Promise<unknown> = Promise.resolve();
  const keep = (change: Change): Promise<Incident> => {
    const written = last.then(() => put(change));
    last = written.catch(() => undefined);
    return written;
  };
  const write = (change: Change): Promise<Incident> => keep((current) => ({ ...change(current), lease: lease() }));
  const leave = async (rev: number, change: Change): Promise<boolean> => {
    const written = await keep((current) =>
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
      seen = change(seen);
    },
    written: async () => {
      await last;
      if (notes.length > 0) await write((current) => current);
    },
    finish: (rev, change) => leave(rev, (current) => change({ ...current, run: { rev } })),
    rest: (rev) => leave(rev, (current) => ({ ...current, run: { ...current.run, walked: rev } })),
    close: async (change) => {
      try {
        return await keep((current) => unleased(change(current)));
      } catch (thrown) {
        if (thrown instanceof Stopped) return undefined;
        throw thrown;
      }
    },
  };
};
