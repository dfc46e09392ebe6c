import { costOf, isLate, type NodeState, type Wanted } from '../decision/budget.ts';
import type { Spent } from '../model/budget.ts';
import { type Entry, inForce } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import type { Incident } from '../model/incident.ts';
import type { ContainPorts } from '../ports.ts';
import { holdersNow } from './hosts.ts';
import { isUnseen } from './order.ts';

type HostPorts = { stores: Pick<ContainPorts['stores'], 'hosts' | 'incidents'> };

/**
 * Whether an entry may have taken its node out of service. Of a node that serves, one that was only begun has not: a
 * halt or an outage may have come before anything was sent, and have lasted longer than the reservation. Nor has a
 * cordon that waits, which it does only where it was denied.
 */
const takesOut = (e: Entry, serves: boolean): boolean =>
  costOf(e.step) === 'node' &&
  inForce(e) &&
  (!serves ||
    (e.step !== 'keep-disks' && (e.state === 'applied' || (e.state === 'pending' && e.step !== 'cordon-node'))));

/**
 * The incidents that have begun to take a node out of service and hold it: after a close, people may have put it back.
 * None once its undo has begun: whoever comes now waits until the node is back in service, and then takes it anew.
 */
const takersOf = async (ports: HostPorts, host: Host | undefined): Promise<string[]> =>
  host?.undoing === undefined && host?.journal.some((e) => costOf(e.step) === 'node' && inForce(e)) === true
    ? holdersNow(ports, host)
    : [];

/** What was done to a node, and who holds it for that. */
export type Taken = { uid: string; journal: readonly Entry[]; takers: string[] };

/** What was done to each node that an incident wants to take, and which incidents have begun it and hold the node. */
export const takenOf = (ports: HostPorts, { nodes }: Wanted): Promise<Taken[]> =>
  Promise.all(
    nodes.map(async ({ uid }) => {
      const host = await ports.stores.hosts.get(uid);
      return { uid, journal: host?.journal ?? [], takers: await takersOf(ports, host) };
    }),
  );

/** Whether an incident has taken over what was done to a node, and people have put the node back into service since. */
const isPutBack = ({ journal }: Incident, uid: string, serves: boolean): boolean =>
  journal.some((e) => e.host === uid && (isUnseen(e) || e.anew === true)) && serves;

/**
 * The nodes that cost nothing at `now` (ms): one that holds them has taken them out of service already, or has just
 * reserved them. What was reserved long ago and never taken counts from when it is taken, whoever does that.
 */
export const heldOf = (
  incident: Incident,
  taken: readonly Taken[],
  nodes: readonly NodeState[],
  counting: readonly Spent[],
  now: number,
): Set<string> => {
  const reserved = new Set(counting.filter((one) => !isLate(one, now)).map(({ uid }) => uid));
  const held = taken.filter(({ uid, journal, takers }) => {
    const serves = nodes.some((node) => node.serves && node.ids.includes(uid));
    const isOut = reserved.has(uid) || journal.some((e) => takesOut(e, serves));
    return isOut && takers.some((one) => one !== incident.id || !isPutBack(incident, uid, serves));
  });
  return new Set(held.map(({ uid }) => uid));
};
