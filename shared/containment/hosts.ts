import { againOnConflict } from '../again-on-conflict.ts';
import { formerNodesOf, subjectsOf } from '../decision/step-subjects.ts';
import { type Entry, isStanding, keyOf } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import type { Incident } from '../model/incident.ts';
import type { Clock, Stores } from '../ports.ts';
import { isTaken, leaseOf, withEntry } from './ledger.ts';
import { Stopped } from './stopped.ts';

type HostPorts = { clock: Clock; stores: Pick<Stores, 'hosts'> };
export type HostPlace = { id: string; node: string };

const fresh = ({ id, node }: HostPlace): Host => ({
  v: 1,
  rev: 0,
  writer: '',
  id,
  instance: id,
  node,
  holders: [],
  journal: [],
});

/** The document of a place as last seen in the store; `host` is undefined where there was none. */
export type SeenHost = { host: Host | undefined };

/**
 * Reads, changes and puts a hosts document; makes one where there is none. If `change` returns undefined, nothing is
 * written. Throws Transient after five conflicts. `known`: the document as read or written a moment ago; tried first.
 */
export const updateHost = (
  ports: HostPorts,
  place: HostPlace,
  change: (current: Host) => Host | undefined,
  known?: SeenHost,
): Promise<Host> =>
  againOnConflict(`host ${place.id} was written by others`, async (tries) => {
    const stored = tries === 0 && known !== undefined ? known.host : await ports.stores.hosts.get(place.id);
    const current = stored ?? fresh(place);
    const changed = change(current);
    return changed === undefined ? current : ports.stores.hosts.put(place.id, changed, stored?.rev ?? null);
  });

/** The keys of the entries in an incident's journal that are in force on a host. */
export const standingOn = ({ id }: HostPlace, { journal }: Pick<Incident, 'journal'>): string[] =>
  journal.filter((e) => e.host === id && isStanding(e)).map(keyOf);

/** Whether the undo of a host has begun: until it is over, no incident may join the host. */
const isUndoing = (host: Host): boolean => host.undoing !== undefined;

/**
 * The places whose documents an incident may hold: those of its subjects, and those that its journal names. The journal
 * alone is not enough, since a run may end after it has written the host's document and before the incident's.
 */
export const placesOf = (incident: Incident): HostPlace[] => {
  const nodes = [...formerNodesOf(incident), ...subjectsOf(incident, 'node')];
  const shared = [...nodes, ...subjectsOf(incident, 'namespace')];
  const places = shared.map(({ uid, subject }): HostPlace => ({ id: uid, node: subject }));
  const done = incident.journal.flatMap((e) => (e.host === undefined ? [] : [{ id: e.host, node: e.subject }]));
  return [...new Map([...done, ...places].map((place) => [place.id, place])).values()];
};

/**
 * The journal of a host under its present holders. Without holders it has only the changes whose undo was given up:
 * all others were undone.
 */
export const journalOf = (host: Host | undefined): Host['journal'] =>
  host === undefined || host.holders.length > 0 ? (host?.journal ?? []) : host.journal.filter((e) => e.givenUp);

/**
 * The incidents that hold a shared document. A closed one has left its marks there, and has no more say, nor has one
 * whose document has expired: an incident holds a shared document only while it has a document of its own.
 */
export const holdersNow = async (
  { stores }: { stores: Pick<Stores, 'incidents'> },
  host: Pick<Host, 'holders'> | undefined,
): Promise<string[]> => {
  const found = await Promise.all((host?.holders ?? []).map((holder) => stores.incidents.get(holder)));
  return found.flatMap((one) => (one === undefined || one.state === 'closed' ? [] : [one.id]));
};

const revOf = (seen: SeenHost | undefined): number => seen?.host?.rev ?? 0;

/** Whether a host that was just written had not been written by others since it was seen. */
export const isAsSeen = (host: Host, seen: SeenHost): boolean => host.rev === revOf(seen) + 1;

const withFirst = (host: Host, first: Entry): Host => {
  const begun: Host = { ...host, journal: withEntry(host.journal, first) };
  return first.state === 'applying' ? begun : unleased(begun);
};

/** Whether a run may work on a host: nobody else does, and no undo has begun. */
export const isFree = (host: Host | undefined, token: string, now: number): boolean =>
  host === undefined || !(isUndoing(host) || isTaken(host.lease, token, now));

/**
 * Joins the holders of a host and takes its lease for one step. undefined: another run works on it, or its undo has
 * begun; try again later. `known` as with `updateHost`.
 *
 * `first`: the entry with which the step begins, as it was read from the world while the host was as in `known`. It is
 * stored with the same write if nobody has written the host since, which `isAsSeen` tells; a step that changes nothing
 * by it takes no lease.
 */
export const holdHost = async (
  ports: HostPorts,
  place: HostPlace,
  incident: string,
  token: string,
  known?: SeenHost,
  first?: Entry,
): Promise<Host | undefined> => {
  let isHeld = false;
  const join = (current: Host): Host | undefined => {
    isHeld = isFree(current, token, ports.clock.now());
    if (!isHeld) return undefined;
    const joined: Host = {
      ...current,
      holders: current.holders.includes(incident) ? current.holders : [...current.holders, incident],
      journal: journalOf(current),
      lease: leaseOf(ports.clock, incident, token),
    };
    if (first === undefined || current.rev !== revOf(known)) return joined;
    return withFirst(joined, first);
  };
  const host = await updateHost(ports, place, join, known);
  return isHeld ? host : undefined;
};

/**
 * Takes the lease of a host without joining its holders, to end a change that must end whoever holds the host. `host`
 * is undefined where nobody holds it, and in the cases of `holdHost`; `isHeld` tells which.
 */
export const leaseHost = async (
  ports: HostPorts,
  place: HostPlace,
  owner: string,
  token: string,
): Promise<{ host: Host | undefined; isHeld: boolean }> => {
  const host = await updateHost(ports, place, (current) =>
    current.holders.length === 0 || !isFree(current, token, ports.clock.now())
      ? undefined
      : { ...current, lease: leaseOf(ports.clock, owner, token) },
  );
  const isOurs = host.lease?.token === token && !isUndoing(host);
  return { host: isOurs ? host : undefined, isHeld: host.holders.length > 0 };
};

/** Writes a host under its lease, and renews that. Throws Stopped where another run has taken the host over. */
export const writeHost = (
  ports: HostPorts,
  place: HostPlace,
  token: string,
  change: (current: Host) => Host,
  known?: Host,
): Promise<Host> => {
  const write = (current: Host): Host => {
    if (current.lease?.token !== token) throw new Stopped('lease', `another run works on host ${place.id}`);
    const changed = change(current);
    return changed.lease === undefined
      ? changed
      : { ...changed, lease: leaseOf(ports.clock, changed.lease.owner, token) };
  };
  return updateHost(ports, place, write, known === undefined ? undefined : { host: known });
};

/** Renews the lease of a host, if a run holds it by this token: a step may read its host for longer than a lease. */
export const renewHost = (ports: HostPorts, place: HostPlace, owner: string, token: string): Promise<Host> =>
  updateHost(ports, place, (current) =>
    current.lease?.token === token ? { ...current, lease: leaseOf(ports.clock, owner, token) } : undefined,
  );

/** The host without its lease. */
export const unleased = (host: Host): Host => {
  const { lease: _, ...rest } = host;
  return rest;
};

/**
 * The result of work on a host that this run leases. Where the work is stopped or fails, the host is given back first:
 * under a halt, every second tick would else find the lease of the one before.
 */
export const givenBack = async <T>(
  ports: HostPorts,
  place: HostPlace,
  token: string,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work();
  } catch (thrown) {
    // A lease that cannot be given back ends by itself.
    await writeHost(ports, place, token, unleased).catch(() => undefined);
    throw thrown;
  }
};
